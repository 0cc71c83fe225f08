/** What stands in the place of everything that was removed. */
export const MARKER = "[REDACTED]";
