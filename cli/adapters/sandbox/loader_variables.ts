/** Variables by which the system's loader and interpreters run other code than was asked for. */
const LOADER_VARIABLE =
  /^(?:LD_|DYLD_|GCONV_PATH$|LOCPATH$|NLSPATH$|MALLOC_|GLIBC_TUNABLES$|BASH_ENV$|ENV$|IFS$)/;

/** An environment, split for a program that runs another one in a sandbox. */
export interface SplitEnvironment {
  /** What the program may have itself. */
  readonly outside: Readonly<Record<string, string>>;
  /** What it may only hand on. */
  readonly inside: Readonly<Record<string, string>>;
}

/**
 * Keeps loader variables away from the confining program: it runs outside of the sandbox, where they would load code
 * that is meant to run inside.
 */
export function splitLoaderVariables(env: Readonly<Record<string, string>>): SplitEnvironment {
  const outside: Record<string, string> = {};
  const inside: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    (LOADER_VARIABLE.test(name) ? inside : outside)[name] = value;
  }
  return { outside, inside };
}
