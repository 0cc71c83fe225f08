import type { CheckStatus } from "./check.ts";
import type { CheckResult, DoctorReport } from "./run.ts";

/** How a report is written for people. */
export interface ReportTextOptions {
  /** Colours the statuses. */
  readonly color: boolean;
}

const COLORS: Readonly<Record<CheckStatus, string>> = { PASS: "32", WARN: "33", FAIL: "31" };

/**
 * Writes a report for people: a line for each check, the hint below where there is one, the result last.
 *
 * @example
 * ```text
 * PASS  policy.bundle_parses        the policy has 3 rules
 * WARN  identity.secrets_strength   an API key of system is a known example
 *                                   do: use random secrets …
 * ```
 */
export function reportText(report: DoctorReport, options: ReportTextOptions): string {
  const width = Math.max(...report.checks.map(({ id }) => id.length));
  const lines = report.checks.flatMap((check) => checkLines(check, width, options));
  const count = (status: CheckStatus) =>
    report.checks.filter((check) => check.status === status).length;
  const tally = `${count("PASS")} passed, ${count("WARN")} warned, ${count("FAIL")} failed`;
  return [
    ...lines,
    "",
    ...report.policy_bundle_hash === undefined ? [] : [`policy     ${report.policy_bundle_hash}`],
    `assurance  ${report.assurance_level}`,
    `version    ${report.engine_version}`,
    "",
    `Result: ${report.overall_status} (${tally})`,
    "",
  ].join("\n");
}

function checkLines(
  { id, status, message, hint }: CheckResult,
  width: number,
  { color }: ReportTextOptions,
): string[] {
  const word = color ? `\u001b[${COLORS[status]}m${status}\u001b[0m` : status;
  const line = `${word}  ${id.padEnd(width)}  ${message}`;
  if (status === "PASS" || hint === undefined) return [line];
  return [line, `${" ".repeat(width + 8)}do: ${hint}`];
}
