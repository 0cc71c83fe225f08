import { type AuditFilter, eventsOf, writeStored } from "../core/audit/mod.ts";
import type { JsonObject } from "../core/encoding/mod.ts";
import { LOG_ARGUMENT, openLog } from "./audit_log.ts";
import { defineCommand, option } from "./command.ts";

/** `nomos audit export`. */
export const auditExport = defineCommand({
  path: ["audit", "export"],
  summary: "Write audit events as JSON lines",
  description:
    "Writes the events of a log to stdout, oldest first, in constant memory. With --requests it writes a " +
    "recording instead: the decided actions, which `nomos explain --requests` replays against a bundle. Events " +
    "hold no params, so its lines say that they are withheld.",
  args: [LOG_ARGUMENT],
  options: {
    requests: option.flag("--requests", "write a recording of the decided actions"),
    eventType: option.text("--event-type <type>", "only events of this type"),
    actionType: option.text("--action-type <type>", "only actions of this type"),
    decision: option.text("--decision <decision>", "only ALLOW, DENY or REQUIRE_APPROVAL"),
    principal: option.text("--principal <name>", "only events of this principal"),
    trace: option.text("--trace <id>", "only events of this trace"),
  },
  examples: [
    { line: "nomos audit export audit.db > audit.jsonl", why: "a database as JSON lines" },
    {
      line: "nomos audit export audit.db --requests > requests.jsonl",
      why: "what was asked, to try a new bundle on",
    },
  ],
  exitCodes: [
    { code: 0, when: "the log was read" },
    { code: 2, when: "it cannot be read" },
  ],
  async run(context, options, [name = "-"]) {
    const { eventType, actionType, decision, principal, trace } = options;
    const filter: AuditFilter = {
      ...(eventType === undefined ? {} : { eventType }),
      ...(actionType === undefined ? {} : { actionType }),
      ...(decision === undefined ? {} : { decision }),
      ...(principal === undefined ? {} : { principal }),
      ...(trace === undefined ? {} : { traceId: trace }),
      ...(options.requests ? { eventType: "action.decision" } : {}),
    };
    const log = await openLog(context, name);
    try {
      for await (const event of eventsOf(log.lines(), filter)) {
        const written = options.requests ? recordingOf(event) : event;
        if (written !== undefined) context.terminal.out(`${writeStored(written)}\n`);
      }
      return 0;
    } finally {
      await log.close();
    }
  },
});

/** An event as a line of a recording; `undefined` when it does not name the action and who asked. */
function recordingOf(event: JsonObject): JsonObject | undefined {
  const { action_id, action_type, trace_id, principal, agent, environment, decision } = event;
  const resource = event.resource ?? event.resource_normalized;
  const named = { action_id, action_type, resource, trace_id, principal, agent, environment };
  if (!Object.values({ ...named, decision }).every(isText)) return undefined;
  return {
    schema_version: "v1",
    ...keepPresent(named),
    params: {},
    params_withheld: true,
    context: {},
    recorded: keepPresent({
      decision,
      reason_code: event.reason,
      policy_bundle_hash: event.policy_bundle_hash,
      at: event.timestamp,
    }),
  };
}

function isText(value: JsonObject[string] | undefined): boolean {
  return typeof value === "string" && value !== "";
}

function keepPresent(
  members: Readonly<Record<string, JsonObject[string] | undefined>>,
): JsonObject {
  const kept: Record<string, JsonObject[string]> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) kept[name] = value;
  return kept;
}
