import { echo, fail, ok, type Result } from "../../../core/encoding/mod.ts";
import { type ReasonCode, type Refusal, refuse } from "../../../core/model/mod.ts";
import { builtin } from "../builtin.ts";
import { errorCode, nodeFs } from "../workspace/system.ts";

/** Symlinks followed to one program, as many as Linux itself follows. */
const MAX_LINKS = 40;

/** Where programs are looked for. */
export interface ProgramPlaces {
  /** Folders, joined as in PATH; relative and empty ones are passed over. */
  readonly path: string;
  /** Real path of the workspace. */
  readonly workspace: string;
  /** Folder that `argv[0]` with a slash in it starts from. */
  readonly cwd: string;
  /** Whether a rule names `argv[0]`, so that it may lie in the workspace. */
  readonly named: boolean;
}

/** A program that was found. */
export interface Program {
  /** As it was found, which is what it is started as: some programs look at their own name. */
  readonly path: string;
  /** Without symlinks. */
  readonly real: string;
}

/**
 * Finds the program that a command names, once: what is found is what is started.
 *
 * INVARIANT: neither the program nor a symlink on the way to it lies in the workspace, unless a rule names it.
 *
 * @param name the first word of the command
 */
export function findProgram(name: string, places: ProgramPlaces): Result<Program, Refusal> {
  const { resolve } = builtin("node:path");
  if (hasSeparator(name)) return findNamed(name, resolve(places.cwd, name), places);
  let planted = false;
  for (const folder of foldersOf(places.path)) {
    const candidate = resolve(folder, name);
    if (!isExecutable(candidate)) continue;
    const real = realPathOutside(candidate, places.workspace);
    if (real !== undefined) return ok({ path: candidate, real });
    planted = true;
  }
  return fail(
    planted
      ? refuseProgram(
        "exec_not_allowlisted",
        name,
        "the only one on executor.path lies in the workspace, expected a path that a rule names",
      )
      : refuseProgram("not_found", name, "there is no such program on executor.path"),
  );
}

function findNamed(
  name: string,
  path: string,
  { workspace, named }: ProgramPlaces,
): Result<Program, Refusal> {
  if (!isThere(path)) return fail(refuseProgram("not_found", name, "it does not exist"));
  const real = named ? nodeFs().realpathSync.native(path) : realPathOutside(path, workspace);
  if (real === undefined) {
    const why = "it lies in the workspace, expected a rule whose first word is this path";
    return fail(refuseProgram("exec_not_allowlisted", name, why));
  }
  if (!isExecutable(path)) {
    return fail(refuseProgram("does_not_fit", name, "it is not an executable file"));
  }
  return ok({ path, real });
}

function isThere(path: string): boolean {
  try {
    return nodeFs().statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Too long, a loop of symlinks, a folder that is shut: nothing that could be run.
    return false;
  }
}

/** Whether a path leads to a file that we may execute. */
export function isExecutable(path: string): boolean {
  const fs = nodeFs();
  try {
    if (fs.statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    fs.accessSync(path, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The absolute folders of a PATH. */
export function foldersOf(path: string): readonly string[] {
  const { delimiter, isAbsolute } = builtin("node:path");
  return path.split(delimiter).filter((folder) => isAbsolute(folder));
}

/** Whether a path is a folder or lies in it. Both are real paths. */
export function isWithin(folder: string, path: string): boolean {
  const { relative, isAbsolute, sep } = builtin("node:path");
  const rest = relative(folder, path);
  return rest !== ".." && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}

/** The path without symlinks, when neither it nor any link on the way, of a folder or a file, lies in the folder. */
function realPathOutside(path: string, folder: string): string | undefined {
  const fs = nodeFs();
  const { dirname, isAbsolute, join, parse } = builtin("node:path");
  let at = parse(path).root;
  const pending = namesOf(path).reverse();
  for (let links = 0;;) {
    const name = pending.pop();
    if (name === undefined) break;
    if (name === "..") {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    if (isWithin(folder, next)) return undefined;
    if (!fs.lstatSync(next).isSymbolicLink()) {
      at = next;
      continue;
    }
    if (++links > MAX_LINKS) return undefined;
    const target = fs.readlinkSync(next);
    if (isAbsolute(target)) at = parse(target).root;
    pending.push(...namesOf(target).reverse());
  }
  // A file system may know a folder by other spellings too.
  const real = fs.realpathSync.native(at);
  return isWithin(folder, real) ? undefined : real;
}

/** The names of a path, without those that lead nowhere. */
function namesOf(path: string): string[] {
  const { parse, sep } = builtin("node:path");
  const names = path.slice(parse(path).root.length).split(sep === "\\" ? /[\\/]/ : "/");
  return names.filter((name) => name !== "" && name !== ".");
}

function hasSeparator(name: string): boolean {
  return name.includes("/") || (builtin("node:path").sep === "\\" && name.includes("\\"));
}

function refuseProgram(code: ReasonCode, name: string, why: string): Refusal {
  return refuse(code, `Cannot run "${echo(name)}": ${why}`);
}

/** What the system's refusals to start a program mean to the one who asked. */
const START_FAILURES: Readonly<Record<string, readonly [ReasonCode, string]>> = {
  ENOENT: ["not_found", "it, or the interpreter it names, does not exist"],
  EACCES: ["execution_error", "the system does not let us execute it"],
  EPERM: ["execution_error", "the system does not let us execute it"],
  ENOEXEC: ["does_not_fit", "it is not a program for this system"],
  E2BIG: ["does_not_fit", "its arguments and variables are too long for this system"],
  ETXTBSY: ["execution_error", "it is being written to, try again later"],
  EAGAIN: ["execution_error", "too many processes run, try again later"],
  ENOMEM: ["execution_error", "there is not enough memory, try again later"],
  EMFILE: ["execution_error", "too many files are open, try again later"],
  ENFILE: ["execution_error", "too many files are open, try again later"],
};

/**
 * Turns the error of a start into a refusal.
 *
 * @throws the error itself when it is not the system's
 */
export function refuseStart(name: string, error: unknown): Refusal {
  const code = errorCode(error);
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw error;
  const [reason, why] = START_FAILURES[code] ?? ["execution_error", `the system reports ${code}`];
  return refuseProgram(reason, name, why);
}
