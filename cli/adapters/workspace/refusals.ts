import { echo } from "../../../core/encoding/mod.ts";
import { type ReasonCode, type Refusal, refuse } from "../../../core/model/mod.ts";
import { errorCode } from "./system.ts";

/** What an agent wants to do with a file or folder, for messages. */
export type Act = "read" | "write" | "delete" | "change" | "run in";

const KEPT = "Nomos keeps this file for itself";

/** What the system's errors mean to the one who asked; `EKEPT` and `EUNDO` are our own. */
const MEANINGS: Readonly<Record<string, readonly [ReasonCode, string]>> = {
  ENOENT: ["not_found", "it does not exist"],
  ENOTDIR: ["not_found", "a part of its path is not a folder"],
  EISDIR: ["does_not_fit", "it is a folder, expected a file"],
  EACCES: ["execution_error", "the system denies access to it"],
  EPERM: ["execution_error", "the system denies access to it"],
  ELOOP: ["invalid_resource", "it became a symlink meanwhile"],
  ENAMETOOLONG: ["does_not_fit", "a name in its path is too long for this file system"],
  EINVAL: ["does_not_fit", "this file system does not take such a name"],
  EILSEQ: ["does_not_fit", "this file system does not take such a name"],
  ENOSPC: ["execution_error", "no space is left on the device"],
  EDQUOT: ["execution_error", "the disk quota is used up"],
  EFBIG: ["execution_error", "it is larger than this file system takes"],
  EROFS: ["execution_error", "the file system is read-only"],
  EXDEV: ["execution_error", "its folder is on another file system than expected"],
  EMFILE: ["execution_error", "too many files are open, try again later"],
  ENFILE: ["execution_error", "too many files are open, try again later"],
  EAGAIN: ["execution_error", "another process holds it, try again later"],
  EBUSY: ["execution_error", "another process holds it, try again later"],
  ETXTBSY: ["execution_error", "it is a program that runs now, try again later"],
  ENXIO: ["invalid_resource", "it is not a regular file"],
  ECANCELED: ["execution_error", "the caller went away"],
  EKEPT: ["protected_path", KEPT],
  EUCLEAN: ["execution_error", "somebody else changed it meanwhile, try again"],
  EUNDO: [
    "execution_error",
    "it failed half-way and could not be taken back; the next start tries again",
  ],
  ESTALE: ["execution_error", "its folder was moved meanwhile, try again"],
};

/** A refusal in the words of all workspace messages. */
export function refusePath(code: ReasonCode, act: Act, path: string, why: string): Refusal {
  return refuse(code, `Cannot ${act} "${echo(path)}": ${why}`);
}

/** The refusal of a file that Nomos keeps for itself. */
export function refuseProtected(act: Act, path: string): Refusal {
  return refusePath("protected_path", act, path, KEPT);
}

/**
 * Turns a system error into a refusal.
 *
 * @throws the error itself when it is not the system's
 */
export function refuseSystemError(error: unknown, act: Act, path: string): Refusal {
  const code = errorCode(error);
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw error;
  const [reason, why] = MEANINGS[code] ?? ["execution_error", `the system reports ${code}`];
  return refusePath(reason, act, path, why);
}
