import { echo, isJsonObject, type JsonObject } from "../core/encoding/mod.ts";

/** Writes an event as one line for people, without anything a terminal would obey. */
export function renderEvent(event: JsonObject): string {
  const who = [event.principal, event.agent].filter((name) => typeof name === "string").join("/");
  const parts = [
    event.timestamp,
    event.event_type,
    event.decision,
    event.reason,
    event.result_classification === event.decision ? undefined : event.result_classification,
    who,
    event.action_type,
    event.resource_normalized ?? event.resource,
    event.action_id === undefined ? undefined : `action=${shown(event.action_id)}`,
    event.trace_id === undefined ? undefined : `trace=${shown(event.trace_id)}`,
    ...metadataOf(event),
  ];
  return parts.map((part) => part === undefined ? "" : shown(part)).filter((part) => part !== "")
    .join("  ");
}

function* metadataOf({ event_type, executor_metadata }: JsonObject): Generator<string> {
  const own = event_type === "audit.checkpoint" || event_type === "audit.recovered";
  if (!own || !isJsonObject(executor_metadata)) return;
  for (const [name, value] of Object.entries(executor_metadata)) {
    if (typeof value === "string" || typeof value === "number") yield `${name}=${value}`;
  }
}

function shown(value: JsonObject[string]): string {
  return typeof value === "string" || typeof value === "number" ? echo(String(value)) : "";
}
