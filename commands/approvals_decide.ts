import type { ApprovalRecord, Approvals, ApprovalVote, Decider } from "../core/approvals/mod.ts";
import { decidedEvent } from "../core/engine/approve.ts";
import { approvalText } from "./approval_text.ts";
import { approvalJson, openDesk, unknownApproval } from "./approvals_desk.ts";
import { type AuditTrail, openTrail } from "./audit_trail.ts";
import { type CommandContext, CommandFailure, type ExitCode, option } from "./command.ts";

/** The options that approving and denying share, besides the config and the format. */
export const DECIDE_OPTIONS = {
  as: option.text("--as <principal>", "principal that decides; your user name when absent"),
  comment: option.text("--comment <text>", "why, for the record"),
};

/** The exit codes that approving and denying share. */
export const DECIDE_EXIT_CODES = [
  { code: 0, when: "the decision is recorded, by this command or by the same one before" },
  { code: 1, when: "it expired, was decided otherwise or used, or you may not decide it" },
  { code: 2, when: "the configuration, the store or the audit cannot be used" },
  { code: 4, when: "there is no such approval" },
] as const;

/** What the command line says of a decision. */
export interface DecideOptions {
  readonly config: string;
  readonly as: string | undefined;
  readonly comment: string | undefined;
  readonly format: "text" | "json";
}

/**
 * Decides one approval and puts on record who did. The audit is opened first: a decision that could not be put on
 * record is not made.
 */
export async function decide(
  context: CommandContext,
  options: DecideOptions,
  request: { readonly id: string; readonly vote: ApprovalVote },
): Promise<ExitCode> {
  const desk = await openDesk(context, options.config);
  try {
    const { approvals } = desk;
    const before = await approvals?.get(request.id);
    if (approvals === undefined || !before?.ok) throw unknownApproval(request.id);
    const trail = await openTrail(context, desk.loaded);
    try {
      return await decideOnRecord(context, options, { ...request, approvals, trail });
    } finally {
      await trail.close();
    }
  } finally {
    await desk.close();
  }
}

interface Deciding {
  readonly id: string;
  readonly vote: ApprovalVote;
  readonly approvals: Approvals;
  readonly trail: AuditTrail;
}

async function decideOnRecord(
  context: CommandContext,
  options: DecideOptions,
  { id, vote, approvals, trail }: Deciding,
): Promise<ExitCode> {
  const decider = deciderOf(context, options);
  const decided = await approvals.decide(id, vote, decider);
  if (!decided.ok) {
    const { code, message } = decided.reason;
    throw code === "approval_unknown" ? unknownApproval(id) : new CommandFailure(1, message);
  }
  const { record, changed } = decided.value;
  if (changed) {
    const { by, channel } = decider;
    const event = decidedEvent(record, { vote, by, channel }, trail.redactor);
    if (!await trail.record(event)) {
      const message = `The decision on "${id}" is stored, but an audit sink did not take its event`;
      throw new CommandFailure(2, message, "see that every sink of audit.sink can be written to");
    }
  }
  tell(context, options, { record, changed });
  return 0;
}

function deciderOf(context: CommandContext, { as, comment }: DecideOptions): Decider {
  const { environment } = context.adapters;
  const user = ["USER", "LOGNAME", "USERNAME"].map((name) => environment.get(name)).find(Boolean);
  return {
    by: as ?? user ?? "unknown user",
    channel: "cli",
    ...(as === undefined ? {} : { principal: as }),
    ...(comment === undefined ? {} : { comment }),
  };
}

function tell(
  { terminal, adapters }: CommandContext,
  options: DecideOptions,
  { record, changed }: { readonly record: ApprovalRecord; readonly changed: boolean },
): void {
  const now = adapters.clock.now();
  if (options.format === "json") {
    terminal.out(`${JSON.stringify({ changed, ...approvalJson(record, now) })}\n`);
    return;
  }
  terminal.out(approvalText(record, now, true));
  const word = record.status === "DENIED" ? "denied" : "approved";
  terminal.err(changed ? `${word} ${record.id}\n` : `${record.id} was ${word} already\n`);
}
