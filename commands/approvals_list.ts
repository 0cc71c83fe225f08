import { approvalText } from "./approval_text.ts";
import { approvalJson, CONFIG_OPTION, FORMAT_OPTION, openDesk } from "./approvals_desk.ts";
import { defineCommand, option } from "./command.ts";

/** `nomos approvals list`. */
export const approvalsList = defineCommand({
  path: ["approvals", "list"],
  summary: "List approvals, with what would be done",
  options: {
    config: CONFIG_OPTION,
    status: option.choice(
      "--status <status>",
      "which approvals; pending leaves out those that expired",
      ["pending", "approved", "denied", "used", "all"],
      "pending",
    ),
    limit: option.integer("--limit <count>", "how many at most, the newest first", { default: 50 }),
    format: FORMAT_OPTION,
  },
  examples: [
    { line: "nomos approvals list -c nomos.json", why: "what waits for a decision" },
    {
      line: "nomos approvals list -c nomos.json --status all --limit 10 --format json",
      why: "the last ten, whatever became of them",
    },
  ],
  exitCodes: [
    { code: 0, when: "the store was read, whether or not anything waits" },
    { code: 2, when: "the configuration or the store cannot be used, or approvals are off" },
  ],
  async run(context, options) {
    const desk = await openDesk(context, options.config);
    try {
      const now = context.adapters.clock.now();
      const { status } = options;
      const records = await desk.approvals?.list({
        limit: options.limit ?? 50,
        ...(status === "all" ? {} : { status: STATUS[status] }),
        ...(status === "pending" ? { liveAtMs: now } : {}),
      }) ?? [];
      if (options.format === "json") {
        const approvals = records.map((record) => approvalJson(record, now));
        context.terminal.out(`${JSON.stringify({ approvals })}\n`);
        return 0;
      }
      context.terminal.out(records.map((record) => approvalText(record, now, false)).join("\n"));
      if (records.length === 0) context.terminal.err("no approvals\n");
      return 0;
    } finally {
      await desk.close();
    }
  },
});

const STATUS = {
  pending: "PENDING",
  approved: "APPROVED",
  denied: "DENIED",
  used: "USED",
} as const;
