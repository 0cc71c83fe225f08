import { FileError } from "../../../core/ports/mod.ts";

const CODES: Readonly<Record<string, FileError["code"]>> = {
  ENOENT: "not_found",
  ENOTDIR: "not_found",
  EACCES: "denied",
  EPERM: "denied",
  EEXIST: "exists",
  EISDIR: "not_a_file",
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "readonly",
};

/** Runs file work, turning the system's errors into {@link FileError}s. */
export async function withFaults<T>(act: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asFileError(act, path, error);
  }
}

/** The system's error as a {@link FileError}; anything else as it came. */
export function asFileError(act: string, path: string, error: unknown): unknown {
  if (error instanceof FileError || !(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  const known = typeof code === "string" ? CODES[code] : undefined;
  // Without a code it is no fault of the file: Deno's own refusals have a name only.
  const kind = known ?? (error.name === "NotCapable" ? "denied" : undefined);
  if (kind === undefined && typeof code !== "string") return error;
  return new FileError(kind ?? "other", `Cannot ${act} "${path}"`, { cause: error });
}
