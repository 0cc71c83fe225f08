import { SINK_KINDS, type SinkEntry, splitSinks } from "../sinks.ts";
import { httpHost, type RuleContext } from "./rule.ts";

const SINK = ["audit", "sink"];

/** `audit`, `telemetry`, and what stateless mode rules out. */
export function checkAudit(context: RuleContext): void {
  const { audit, telemetry, runtime } = context.config;
  const sinks = splitSinks(audit.sink);
  if (sinks.length === 0) context.report(SINK, "it names no sink", "at least one");
  for (const sink of sinks) checkSink(context, sink);
  if (runtime.stateless_mode && sinks.some(({ kind }) => kind === "sqlite")) {
    const wish = "stdout, webhook:<url> or postgres:<url> with runtime.stateless_mode";
    context.report(SINK, "a sqlite sink keeps state on this machine", wish);
  }
  if (telemetry.enabled && !isTelemetrySink(telemetry.sink)) {
    const wish = "stdout, stderr or otlp:<base url>";
    context.report(["telemetry", "sink"], "it names no known sink", wish);
  }
}

function checkSink(context: RuleContext, { kind, target }: SinkEntry): void {
  if (kind === undefined) {
    context.report(SINK, "it has an unknown kind of sink", `one of ${SINK_KINDS.join(", ")}`);
  } else if (kind === "webhook" && httpHost(target) === undefined) {
    context.report(SINK, "its webhook has no absolute URL", "webhook:https://host/…");
  } else if (kind !== "stdout" && kind !== "stderr" && target === "") {
    context.report(SINK, `its ${kind} sink names nothing`, `${kind}:<where>`);
  }
}

function isTelemetrySink(sink: string): boolean {
  if (sink === "stdout" || sink === "stderr") return true;
  return sink.startsWith("otlp:") && httpHost(sink.slice(5)) !== undefined;
}
