/** The ports of the core, on Deno. */
export { createAdapters } from "./mod.ts";
