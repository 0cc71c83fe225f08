import { builtin } from "../builtin.ts";
import { randomHex } from "../workspace/system.ts";

/** The variable that marks a process and everything it starts. */
export const MARK_VARIABLE = "NOMOS_EXEC_ID";

/** A mark nobody else has. */
export function newMark(): string {
  return randomHex(16);
}

/** The value of the variable: a process that Nomos runs may be Nomos itself, and both marks must hold. */
export function markValue(mark: string): string {
  const { env } = builtin("node:process");
  const outer = env[MARK_VARIABLE];
  return outer === undefined ? mark : `${outer},${mark}`;
}
