import { writeStored } from "../core/audit/mod.ts";
import { echo, type JsonObject } from "../core/encoding/mod.ts";
import { renderEvent } from "./audit_event_text.ts";
import { type AuditLog, LOG_ARGUMENT, openLog } from "./audit_log.ts";
import { CommandFailure, defineCommand, option } from "./command.ts";

/** One action has a handful of events, a trace some thousands at most. */
const MAX_SHOWN = 100_000;

/** `nomos audit show`. */
export const auditShow = defineCommand({
  path: ["audit", "show"],
  summary: "Show everything on record about one action or trace",
  args: [LOG_ARGUMENT, { name: "id", summary: "an action id or a trace id", required: true }],
  options: {
    format: option.choice("--format <format>", "how to print it", ["text", "json"], "text"),
  },
  examples: [
    { line: "nomos audit show audit.db act_1", why: "what happened to an action" },
    { line: "nomos audit show audit.jsonl trace_1 --format json", why: "a trace, as JSON lines" },
  ],
  exitCodes: [
    { code: 0, when: "there are events" },
    { code: 1, when: "nothing is on record under that id" },
    { code: 2, when: "the log cannot be read" },
  ],
  async run(context, options, [name = "-", id = ""]) {
    if (name === "-") {
      throw new CommandFailure(2, "Cannot show events of standard input: it can be read only once");
    }
    const log = await openLog(context, name);
    try {
      const events = await findById(log, id);
      if (events.length === 0) {
        context.terminal.err(`nothing is on record about "${echo(id)}"\n`);
        return 1;
      }
      const render = options.format === "json" ? writeStored : renderEvent;
      for (const event of events) context.terminal.out(`${render(event)}\n`);
      return 0;
    } finally {
      await log.close();
    }
  },
});

async function findById({ reader }: AuditLog, id: string): Promise<readonly JsonObject[]> {
  const ofAction = await reader.find({ actionId: id }, MAX_SHOWN);
  return ofAction.length > 0 ? ofAction : await reader.find({ traceId: id }, MAX_SHOWN);
}
