import type { RiskFlag, RiskLevel } from "../model/mod.ts";

/** Every risk flag; its place is its bit. */
export const RISK_FLAGS: readonly RiskFlag[] = [
  "risk.exec",
  "risk.net",
  "risk.write",
  "risk.secrets",
  "risk.large_io",
  "risk.high_fanout",
];

/** Canonical params of this many bytes or more are large. */
export const LARGE_IO_BYTES = 32_768;
/** This many actions of one principal and agent under one trace are many. */
export const HIGH_FANOUT_ACTIONS = 100;

const BITS: ReadonlyMap<string, number> = new Map(RISK_FLAGS.map((flag, i) => [flag, 1 << i]));

/** Flags as bits, so that "all of these" is one comparison. */
export function maskOf(flags: readonly RiskFlag[]): number {
  let mask = 0;
  for (const flag of flags) mask |= BITS.get(flag) ?? 0;
  return mask;
}

const HIGH = maskOf(["risk.exec", "risk.secrets", "risk.high_fanout"]);
const MEDIUM = maskOf(["risk.net", "risk.write", "risk.large_io"]);

/** What the risk of an action follows from. */
export interface RiskInput {
  /** What its type always brings along. */
  readonly flags: readonly RiskFlag[];
  /** Size of the canonical params in bytes. */
  readonly paramsBytes: number;
  /** Actions of this principal and agent under this trace, this one included. */
  readonly traceActionCount: number;
}

/** The risk of one action. */
export interface Risk {
  readonly flags: readonly RiskFlag[];
  readonly level: RiskLevel;
}

/**
 * Tells what is risky about an action.
 *
 * @example
 * ```ts
 * assessRisk({ flags: ["risk.write"], paramsBytes: 40_000, traceActionCount: 1 });
 * // { flags: ["risk.write", "risk.large_io"], level: "medium" }
 * ```
 */
export function assessRisk(input: RiskInput): Risk {
  const large = input.paramsBytes >= LARGE_IO_BYTES;
  const many = input.traceActionCount >= HIGH_FANOUT_ACTIONS;
  const flags = [...input.flags];
  if (large) flags.push("risk.large_io");
  if (many) flags.push("risk.high_fanout");
  return { flags, level: riskLevel(flags) };
}

/** The level that follows from flags. */
export function riskLevel(flags: readonly RiskFlag[]): RiskLevel {
  const mask = maskOf(flags);
  if ((mask & HIGH) !== 0) return "high";
  return (mask & MEDIUM) !== 0 ? "medium" : "low";
}
