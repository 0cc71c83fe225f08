import { type ApprovalRecord, rfc3339 } from "../core/approvals/mod.ts";
import { echo } from "../core/encoding/mod.ts";
import { standingOf } from "./approvals_desk.ts";

/** Lines of a preview that a list shows. */
const LISTED_LINES = 8;

/**
 * An approval for a person to read: who asks for what, until when, who decided, and what would be done.
 *
 * @param whole whether all of the preview is shown, or its beginning
 */
export function approvalText(record: ApprovalRecord, nowMs: number, whole: boolean): string {
  const standing = standingOf(record, nowMs);
  const lines = [
    `${record.id}  ${standing}  ${timeText(record, standing, nowMs)}`,
    `  asked for by  ${whoText(record)}`,
    `  covers        ${coversText(record)}`,
    ...decidedText(record),
    ...previewText(record, whole),
  ];
  return `${lines.join("\n")}\n`;
}

function timeText(record: ApprovalRecord, standing: string, nowMs: number): string {
  const at = rfc3339(record.expiresAtMs);
  if (standing !== "PENDING" && standing !== "APPROVED") return `expiry ${at}`;
  const seconds = Math.ceil((record.expiresAtMs - nowMs) / 1000);
  const left = seconds >= 120 ? `${Math.floor(seconds / 60)} min` : `${seconds} s`;
  return `expires in ${left} (${at})`;
}

function whoText({ principal, agent, environment }: ApprovalRecord): string {
  return `${echo(principal)}, agent ${echo(agent)}, environment ${echo(environment)}`;
}

function coversText(record: ApprovalRecord): string {
  const action = `${record.actionType} ${echo(record.resource)}`;
  return record.scopeType === "class"
    ? `every ${action} until it expires`
    : `this one action, once: ${action}`;
}

function decidedText(record: ApprovalRecord): string[] {
  if (record.decidedBy === undefined) return [];
  const when = record.decidedAtMs === undefined ? "" : ` at ${rfc3339(record.decidedAtMs)}`;
  const how = record.channel === undefined ? "" : ` (${echo(record.channel)})`;
  const why = record.comment === undefined
    ? []
    : [`  comment       ${echo(record.comment, 1_000)}`];
  return [`  decided by    ${echo(record.decidedBy)}${how}${when}`, ...why];
}

function previewText(record: ApprovalRecord, whole: boolean): string[] {
  // A preview holds no control characters but line breaks and tabs; an older store may hold none at all.
  const lines = record.preview === "" ? ["(no preview stored)"] : record.preview.split("\n");
  const kept = whole ? lines : lines.slice(0, LISTED_LINES);
  const more = lines.length - kept.length;
  return [
    ...kept.map((line) => `    ${line}`),
    ...(more > 0 ? [`    … ${more} more lines: nomos approvals show ${record.id}`] : []),
  ];
}
