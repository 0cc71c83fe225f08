/**
 * Records events from many writers at once until it is killed. Each acknowledged action id goes to stdout as soon as
 * its receipt is there. Arguments: sinks, number of writers, prefix of the ids.
 */
import { createAdapters } from "../../../cli/adapters/mod.ts";
import { openRecorder, parseSinkList } from "../../../core/audit/mod.ts";

const [list = "", writers = "64", prefix = ""] = Deno.args;
const sinks = parseSinkList(list);
if (!sinks.ok) throw new Error("bad sinks");
const opened = await openRecorder({
  sinks: sinks.value,
  ports: createAdapters(),
  checkpointEvery: 100,
});
if (!opened.ok) throw new Error(opened.reason.map((problem) => problem.message).join("\n"));
const recorder = opened.value;
const encoder = new TextEncoder();
let next = 0;

async function write(): Promise<never> {
  for (;;) {
    const id = `${prefix}-${next++}`;
    const recorded = await recorder.record([
      { event_type: "trace.start", trace_id: id },
      { event_type: "action.decision", trace_id: id, action_id: id, decision: "ALLOW" },
    ]);
    if (!recorded.ok) throw new Error(recorded.reason.message);
    Deno.stdout.writeSync(encoder.encode(`${id}\n`));
  }
}

await Promise.all(Array.from({ length: Number(writers) }, write));
