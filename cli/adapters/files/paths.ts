import type { Files } from "../../../core/ports/mod.ts";
import { builtin } from "../builtin.ts";

/** The part of {@link Files} that only computes. */
export type Paths = Pick<Files, "cwd" | "separator" | "resolve" | "dirname">;

/**
 * Joins and cleans paths the way the system does. On POSIX systems that takes no module at all.
 *
 * @param cwd absolute path of the working directory
 */
export function systemPaths(cwd: string, windows: boolean): Paths {
  if (!windows) {
    return { cwd, separator: "/", resolve: (base, path) => resolvePosix(cwd, base, path), dirname };
  }
  const { win32 } = builtin("node:path");
  return {
    cwd,
    separator: "\\",
    resolve: (base, path) => win32.resolve(cwd, base, path),
    dirname: (path) => win32.dirname(path),
  };
}

function resolvePosix(cwd: string, base: string, path: string): string {
  const joined = path.startsWith("/")
    ? path
    : base.startsWith("/")
    ? `${base}/${path}`
    : `${cwd}/${base}/${path}`;
  const kept: string[] = [];
  for (const part of joined.split("/")) {
    if (part === "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return `/${kept.join("/")}`;
}

function dirname(path: string): string {
  const clean = path.replace(/(?<=.)\/+$/, "");
  const slash = clean.lastIndexOf("/");
  if (slash === -1) return ".";
  return clean.slice(0, slash).replace(/\/+$/, "") || "/";
}
