/** The ports of the core, on Node: the same adapters, which use Node's built-ins where Deno's are not there. */
export { createAdapters } from "./mod.ts";
