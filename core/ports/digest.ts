/**
 * Hashing. The portable one works everywhere; long-running commands are served by the platform's faster one.
 *
 * Duties: both give the same results for the same input; strings are hashed as UTF-8.
 */
export type { Digest } from "../encoding/mod.ts";
