import type { Environment } from "../../core/ports/mod.ts";

/** The environment of this process. Names are compared as the system does: without regard to case on Windows. */
export function processEnvironment(): Environment {
  const { process } = globalThis;
  return {
    get: (name) => process.env[name],
    names: () => Object.keys(process.env),
  };
}
