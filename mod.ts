/**
 * Nomos, an execution firewall for AI agents.
 *
 * @module
 */
export * from "./core/mod.ts";
