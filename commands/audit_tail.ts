import { writeStored } from "../core/audit/mod.ts";
import { renderEvent } from "./audit_event_text.ts";
import { LOG_ARGUMENT, openLog } from "./audit_log.ts";
import { defineCommand, option } from "./command.ts";

/** `nomos audit tail`. */
export const auditTail = defineCommand({
  path: ["audit", "tail"],
  summary: "Show the newest audit events",
  args: [LOG_ARGUMENT],
  options: {
    lines: option.integer("-n, --lines <count>", "how many events", { default: 20 }),
    eventType: option.text("--event-type <type>", "only events of this type"),
    decision: option.text("--decision <decision>", "only ALLOW, DENY or REQUIRE_APPROVAL"),
    principal: option.text("--principal <name>", "only events of this principal"),
    format: option.choice("--format <format>", "how to print them", ["text", "json"], "text"),
  },
  examples: [
    { line: "nomos audit tail audit.db", why: "the last 20 events" },
    { line: "nomos audit tail audit.jsonl -n 5 --decision DENY", why: "the last five refusals" },
  ],
  exitCodes: [
    { code: 0, when: "the log was read" },
    { code: 2, when: "it cannot be read" },
  ],
  async run(context, options, [name = "-"]) {
    const { terminal } = context;
    const log = await openLog(context, name);
    try {
      const filter = {
        ...(options.eventType === undefined ? {} : { eventType: options.eventType }),
        ...(options.decision === undefined ? {} : { decision: options.decision }),
        ...(options.principal === undefined ? {} : { principal: options.principal }),
      };
      const count = options.lines ?? 20;
      const events = count === 0 ? [] : await log.reader.find(filter, count);
      const render = options.format === "json" ? writeStored : renderEvent;
      for (const event of events) terminal.out(`${render(event)}\n`);
      return 0;
    } finally {
      await log.close();
    }
  },
});
