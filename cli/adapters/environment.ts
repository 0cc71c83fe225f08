import type { Environment } from "../../core/ports/mod.ts";

/** The environment of this process. Names are compared as the system does: without regard to case on Windows. */
export function processEnvironment(): Environment {
  // Under Deno, touching `process` at all makes a short command half as long again.
  if ("Deno" in globalThis) {
    // Deno throws on names that no variable can have.
    const get = (name: string) => /^$|[=\0]/.test(name) ? undefined : Deno.env.get(name);
    return { get, names: () => Object.keys(Deno.env.toObject()) };
  }
  return {
    get: (name) => process.env[name],
    names: () => Object.keys(process.env),
  };
}
