/**
 * Loads a Node built-in when it is first used. Both Deno and Node have `process.getBuiltinModule`; a static import
 * would make every command pay for modules that only some use.
 *
 * @example
 * ```ts
 * const { createHash } = builtin("node:crypto");
 * ```
 */
export function builtin<K extends keyof Builtins>(name: K): Builtins[K] {
  return process.getBuiltinModule(name) as Builtins[K]; // the runtime's own typing is by overload, not by key
}

/** The built-ins that adapters use. */
export interface Builtins {
  "node:fs": typeof import("node:fs");
  "node:fs/promises": typeof import("node:fs/promises");
  "node:path": typeof import("node:path");
  "node:crypto": typeof import("node:crypto");
  "node:http": typeof import("node:http");
  "node:https": typeof import("node:https");
  "node:net": typeof import("node:net");
  "node:timers": typeof import("node:timers");
  "node:tls": typeof import("node:tls");
  "node:dns/promises": typeof import("node:dns/promises");
  "node:zlib": typeof import("node:zlib");
  "node:child_process": typeof import("node:child_process");
  "node:sqlite": typeof import("node:sqlite");
  "node:os": typeof import("node:os");
  "node:process": typeof import("node:process");
  "node:url": typeof import("node:url");
}
