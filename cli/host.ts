import { builtin } from "./adapters/builtin.ts";
import type { Streams } from "./terminal.ts";

/** The process Nomos runs in, whichever runtime it is. */
export interface Host {
  readonly args: readonly string[];
  env(name: string): string | undefined;
  readonly streams: Streams;
  /** Ends at once. */
  exit(code: number): never;
  /**
   * Ends with this code, by itself where nothing was started that lasts: the runtime keeps compiled code for the
   * next start only when a process ends by itself.
   */
  end(code: number): void;
  /** Calls back on SIGINT and SIGTERM (Windows: CTRL_C, CTRL_BREAK). */
  onStop(listener: () => void): void;
}

/** The host of a Deno process: only what Deno itself offers, so that short commands load nothing else. */
function denoHost(): Host {
  let lasting = false;
  const encoder = new TextEncoder();
  const write = (stream: { writeSync(bytes: Uint8Array): number }, text: string) => {
    let bytes = encoder.encode(text);
    while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
  };
  return {
    args: Deno.args,
    env: (name) => Deno.env.get(name),
    streams: {
      writeOut: (text) => write(Deno.stdout, text),
      writeErr: (text) => write(Deno.stderr, text),
      outIsTerminal: Deno.stdout.isTerminal(),
      errIsTerminal: Deno.stderr.isTerminal(),
      stdin: () => Deno.stdin.readable,
    },
    exit: (code) => Deno.exit(code),
    end: (code) => {
      if (lasting) Deno.exit(code);
      Deno.exitCode = code;
    },
    onStop: (listener) => {
      lasting = true;
      Deno.addSignalListener("SIGINT", listener);
      if (Deno.build.os === "windows") Deno.addSignalListener("SIGBREAK", listener);
      else Deno.addSignalListener("SIGTERM", listener);
    },
  };
}

function nodeHost(): Host {
  let lasting = false;
  const proc = builtin("node:process");
  const fs = builtin("node:fs");
  const write = (fd: number, text: string) => {
    let bytes: Uint8Array = new TextEncoder().encode(text);
    while (bytes.length > 0) bytes = bytes.subarray(writeSome(fs, fd, bytes));
  };
  return {
    args: proc.argv.slice(2),
    env: (name) => proc.env[name],
    streams: {
      writeOut: (text) => write(1, text),
      writeErr: (text) => write(2, text),
      outIsTerminal: proc.stdout.isTTY === true,
      errIsTerminal: proc.stderr.isTTY === true,
      stdin: () => proc.stdin,
    },
    exit: (code) => proc.exit(code),
    end: (code) => {
      if (lasting) proc.exit(code);
      proc.exitCode = code;
    },
    onStop: (listener) => {
      lasting = true;
      proc.on("SIGINT", listener);
      proc.on(proc.platform === "win32" ? "SIGBREAK" : "SIGTERM", listener);
    },
  };
}

/** A pipe may be full for a moment; its reader decides when it goes on. */
function writeSome(fs: typeof import("node:fs"), fd: number, bytes: Uint8Array): number {
  try {
    return fs.writeSync(fd, bytes);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EAGAIN") return 0;
    throw error;
  }
}

/** The process this runs in. */
export function currentHost(): Host {
  return "Deno" in globalThis ? denoHost() : nodeHost();
}

/** Whether writing failed because nobody reads any more. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error &&
    (error.name === "BrokenPipe" || ("code" in error && error.code === "EPIPE"));
}

/** Whether this module is the one that Node was started with, perhaps by a link to it. */
export function isStartedByNode(url: string): boolean {
  const [, started] = builtin("node:process").argv;
  if (started === undefined) return false;
  const path = builtin("node:fs").realpathSync(started);
  return builtin("node:url").pathToFileURL(path).href === url;
}
