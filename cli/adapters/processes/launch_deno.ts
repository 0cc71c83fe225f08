import { isExecutable } from "./find_program.ts";
import type { Child, Command, Streams, TakeBytes } from "./command.ts";

const BUFFER_BYTES = 65_536;
const MESSAGE_BYTES = 8_192;
const SETSID = ["/usr/bin/setsid", "/bin/setsid"];

/** Starts a process on Deno, whose own streams read into one buffer again and again. */
// deno-lint-ignore require-await -- a fault is a rejection, like on Node
export async function launchDeno(command: Command, streams: Streams): Promise<Child> {
  const { program, args, detached } = withOwnGroup(command);
  const child = new Deno.Command(program, {
    args: [...args],
    env: { ...command.env },
    clearEnv: true,
    cwd: command.cwd,
    detached,
    stdin: streams.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const pumps = [pump(child.stdout, streams.stdout), pump(child.stderr, streams.stderr)];
  if (streams.stdin !== undefined) void feed(child.stdin, streams.stdin);
  return {
    pid: child.pid,
    exited: child.status.then((status) => status.code),
    drained: Promise.all(pumps.map((one) => one.done)).then(() => {}),
    abandon: () => {
      for (const one of pumps) one.stop();
    },
  };
}

let setsid: string | false | undefined;

/**
 * The process must lead a group of its own. Deno forks itself for `detached`, which takes longer the more memory it
 * has (7 ms at 350 MB); a small program that makes itself the leader and then becomes the wanted one takes half a
 * millisecond always.
 */
function withOwnGroup(command: Command): Pick<Command, "program" | "args"> & { detached: boolean } {
  setsid ??= (Deno.build.os === "linux" && SETSID.find(isExecutable)) || false;
  return setsid === false
    ? { program: command.program, args: command.args, detached: true }
    : { program: setsid, args: [command.program, ...command.args], detached: false };
}

/**
 * Why the wanted program did not start, when the small one says so instead of becoming it.
 *
 * @param end how the process ended, and what it wrote
 */
export function failedStart(
  program: string,
  end: { exitCode: number; stderr: Uint8Array },
): string | undefined {
  if (!setsid || (end.exitCode !== 126 && end.exitCode !== 127)) return undefined;
  const [line = ""] = new TextDecoder().decode(end.stderr.subarray(0, MESSAGE_BYTES)).split("\n");
  const isOurs = line.startsWith("setsid: ") && line.includes(program);
  return isOurs ? line.slice("setsid: ".length) : undefined;
}

function pump(
  stream: ReadableStream<Uint8Array>,
  take: TakeBytes,
): { done: Promise<void>; stop(): void } {
  const reader = stream.getReader({ mode: "byob" });
  const readAll = async () => {
    let buffer = new ArrayBuffer(BUFFER_BYTES);
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done) return;
      take(value);
      buffer = value.buffer;
    }
  };
  const ignore = () => {};
  // A stream that was abandoned, or whose pipe broke, has ended for us.
  return { done: readAll().catch(ignore), stop: () => void reader.cancel().catch(ignore) };
}

async function feed(stream: WritableStream<Uint8Array>, bytes: Uint8Array): Promise<void> {
  const writer = stream.getWriter();
  try {
    await writer.write(bytes);
    await writer.close();
  } catch {
    // Whoever does not read its input to the end need not.
  }
}
