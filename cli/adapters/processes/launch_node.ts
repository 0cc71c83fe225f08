import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { builtin } from "../builtin.ts";
import type { Child, Command, Streams, TakeBytes } from "./command.ts";

/** Starts a process on Node. */
export function launchNode(command: Command, streams: Streams): Promise<Child> {
  const child = builtin("node:child_process").spawn(command.program, command.args, {
    env: { ...command.env },
    cwd: command.cwd,
    detached: true,
    stdio: [streams.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    const { pid, stdout, stderr } = child;
    // Without a number it did not start, and the error is on its way.
    if (pid === undefined || stdout === null || stderr === null) return;
    feed(child, streams.stdin);
    const ends = [drain(stdout, streams.stdout), drain(stderr, streams.stderr)];
    resolve(
      {
        pid,
        exited: new Promise((exited) => {
          child.once("exit", (code, signal) => exited(exitCode(code, signal)));
        }),
        drained: Promise.all(ends).then(() => {}),
        abandon: () => {
          stdout.destroy();
          stderr.destroy();
        },
      },
    );
  });
}

function feed(child: ChildProcess, bytes: Uint8Array | undefined): void {
  // Whoever does not read its input to the end need not.
  child.stdin?.on("error", () => {});
  if (bytes !== undefined) child.stdin?.end(bytes);
}

function drain(stream: Readable, take: TakeBytes): Promise<void> {
  return new Promise((resolve) => {
    stream.on("data", take);
    stream.once("error", () => resolve());
    stream.once("close", () => resolve());
  });
}

function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return 128 + (signal === null ? 0 : builtin("node:os").constants.signals[signal]);
}
