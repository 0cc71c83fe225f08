import { builtin, type Builtins } from "../builtin.ts";

let loaded: Builtins["node:fs"] | undefined;

/** The file system module, loaded when it is first used: commands that touch no workspace do not pay for it. */
export function nodeFs(): Builtins["node:fs"] {
  return loaded ??= builtin("node:fs");
}

/** The system's own paths, likewise. */
export function nodePath(): Builtins["node:path"] {
  return builtin("node:path");
}

/** Linux: a descriptor that only names a file. Opening one never blocks and has no effect on devices and FIFOs. */
export const O_PATH = 0x200000;

/** The system's word for what went wrong (`ENOENT`), or `undefined` for a fault that is not the system's. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** An error as the system would report it, for what is found out without asking it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Runs clean-up that may find nothing left to do. */
export function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // What cannot be cleaned up now is found by the next start.
  }
}

/** Waits for the disk without holding up everything else. */
export function syncDescriptor(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    nodeFs().fsync(fd, (error) => error ? reject(error) : resolve());
  });
}

/** Reads into a buffer at a position; 0 at the end of the file. */
export function readDescriptor(
  fd: number,
  buffer: Uint8Array,
  position: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    nodeFs().read(
      fd,
      buffer,
      0,
      buffer.length,
      position,
      (error, count) => error ? reject(error) : resolve(count),
    );
  });
}

/** Up to this size a write or read is done at once: handing it to a thread would cost more than it takes. */
export const SYNC_BYTES = 128 * 1024;

/** Writes everything. */
export async function writeDescriptor(fd: number, content: Uint8Array): Promise<void> {
  const fs = nodeFs();
  let written = 0;
  if (content.length <= SYNC_BYTES) {
    while (written < content.length) written += fs.writeSync(fd, content, written);
    return;
  }
  while (written < content.length) {
    written += await new Promise<number>((resolve, reject) => {
      const rest = content.subarray(written);
      fs.write(fd, rest, 0, rest.length, (error, count) => error ? reject(error) : resolve(count));
    });
  }
}

/** Unpredictable lower-case hex digits, for names that nobody else uses. */
export function randomHex(bytes: number): string {
  return Array.from(
    crypto.getRandomValues(new Uint8Array(bytes)),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}
