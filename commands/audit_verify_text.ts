import type { ChainReport, VerifyReport } from "../core/audit/mod.ts";
import { echo } from "../core/encoding/mod.ts";

/** How a report is shown. */
export interface RenderOptions {
  /** The log as the user named it. */
  readonly log: string;
  /** What a place in it is called. */
  readonly row: "line" | "row";
}

/** Writes a verification report for people; the last line is the verdict. */
export function renderVerifyReport(report: VerifyReport, { log, row }: RenderOptions): string {
  const out = [
    `${echo(log)}: ${plural(report.events, "event")}, ${plural(report.chains.length, "chain")}`,
  ];
  for (const chain of report.chains) out.push(`  ${renderChain(chain)}`);
  if (report.legacy) {
    const { events, segments, legacy_unverifiable, first_unverifiable_at } = report.legacy;
    const where = first_unverifiable_at ? ` (first: ${row} ${first_unverifiable_at})` : "";
    out.push(
      `  legacy: ${plural(events, "event")} in ${plural(segments, "segment")}, ` +
        `${legacy_unverifiable} legacy_unverifiable${where}`,
    );
  }
  for (const gap of report.gaps) {
    const { chain_id, from_seq, to_seq, at } = gap;
    out.push(`gap: events ${from_seq} to ${to_seq} of ${echo(chain_id)}, before ${row} ${at}`);
  }
  if (report.gap_count > report.gaps.length) {
    out.push(`gap: and ${report.gap_count - report.gaps.length} more`);
  }
  for (const warning of report.warnings) out.push(`warning: ${warning}`);
  const broken = report.first_broken;
  if (broken) {
    const place = broken.at > 0 ? `${row} ${broken.at}` : "at the end";
    const event = broken.chain_id === undefined
      ? ""
      : `event ${broken.seq} of ${echo(broken.chain_id)}: `;
    out.push(`first broken link: ${place}: ${event}${broken.message} (${broken.kind})`);
    if (report.broken_count > 1) out.push(`broken places: ${report.broken_count}`);
  }
  return `${[...out, report.status].join("\n")}\n`;
}

function renderChain(chain: ChainReport): string {
  const { total, signed, verified } = chain.checkpoints;
  const signatures = signed === 0 ? "unsigned" : `${signed} signed, ${verified} verified`;
  return [
    `${echo(chain.chain_id)}: events ${chain.first_seq} to ${chain.last_seq}`,
    chain.intact ? "intact" : "broken",
    total === 0 ? "no checkpoint" : `${plural(total, "checkpoint")} (${signatures})`,
    ...(total > 0
      ? [`${chain.uncovered} behind the newest ${verified > 0 ? "verified " : ""}checkpoint`]
      : []),
    ...(chain.duplicates > 0 ? [`${plural(chain.duplicates, "record")} written twice`] : []),
  ].join(", ");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
