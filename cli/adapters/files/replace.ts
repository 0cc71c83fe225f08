import type { Files } from "../../../core/ports/mod.ts";
import { withFaults } from "./faults.ts";

/** A new file that is being filled. */
export interface TempFile {
  write(bytes: Uint8Array): Promise<void>;
  setMode(): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The calls that replacing a file takes. */
export interface ReplaceCalls {
  realPath(path: string): Promise<string>;
  /** Permission bits of an existing file; rejects when there is none. */
  modeOf(path: string): Promise<number | undefined>;
  /** Creates a file that must not exist yet. */
  create(path: string, mode: number): Promise<TempFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
}

interface Replacement {
  readonly path: string;
  readonly content: Uint8Array;
  /** Permission bits of a file that does not exist yet. */
  readonly mode: number;
}

/** Makes the `write` of {@link Files} out of a system's calls. */
export function atomicWrite(system: ReplaceCalls, dirname: Files["dirname"]): Files["write"] {
  return (path, content, options = {}) =>
    withFaults(
      "write",
      path,
      () => replaceFile({ path, content, mode: options.mode ?? 0o600 }, system, dirname),
    );
}

/**
 * Replaces a file as a whole: a temporary file in the same folder is filled, synced and renamed over it.
 *
 * INVARIANT: whenever this is interrupted, the path names either the old file or the new one, both whole.
 */
async function replaceFile(
  { path, content, mode }: Replacement,
  system: ReplaceCalls,
  dirname: Files["dirname"],
): Promise<void> {
  // A symlink stays one: what it points to is replaced.
  const target = await system.realPath(path).catch(() => path);
  const oldMode = await system.modeOf(target).catch(() => undefined);
  const folder = dirname(target);
  const temp = `${folder}/.nomos-${crypto.randomUUID()}.tmp`;
  const file = await system.create(temp, (oldMode ?? mode) & 0o777);
  try {
    try {
      await file.write(content);
      await file.setMode();
      await file.sync();
    } finally {
      await file.close();
    }
    await system.rename(temp, target);
  } catch (error) {
    await system.remove(temp).catch(() => {});
    throw error;
  }
  // Some systems cannot sync a folder; the rename is then as durable as they make it.
  await system.syncFolder(folder).catch(() => {});
}
