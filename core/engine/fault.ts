import type { Redactor } from "../redact/mod.ts";

/**
 * Writes a fault as an entry of the operator's log: with its stack, which callers never see, and redacted, since its
 * message may hold whatever was being worked on.
 */
export function faultLine(fault: unknown, redactor: Redactor): string {
  const what = fault instanceof Error ? fault.stack ?? fault.message : "unknown";
  return `fault: ${redactor.scrub(what)}`;
}
