import { cutText, isJsonArray, isJsonObject, type JsonValue } from "../encoding/mod.ts";
import type { ActionFacts } from "../model/mod.ts";
import { block, jsonLines, quoted, shown } from "./preview_text.ts";

/** Redacts one piece of text. */
type Redact = (text: string) => string;

/** What one kind of action shows behind its first line. */
type Preview = (facts: ActionFacts, redact: Redact) => readonly string[];

/** Most bytes of a preview. */
export const MAX_PREVIEW_BYTES = 16_384;

/**
 * What a person sees who decides whether an action may happen: its type and resource, and what it would do: the
 * command, the diff, the request, the content.
 *
 * Every piece of text is redacted by itself and shown on lines of its own, indented: nothing in it can hide or forge
 * another line. What is left out is said to be left out.
 *
 * @param redact applied to every piece before anything is cut
 */
export function previewOf(facts: ActionFacts, redact: Redact): string {
  const lines = (PREVIEWS.get(facts.type) ?? anyParams)(facts, redact);
  const found = (facts.foundResources ?? []).map((resource) =>
    `leads to: ${shown(redact(resource))}`
  );
  const whole = [`${facts.type} ${shown(redact(facts.resource))}`, ...found, ...lines].join("\n");
  const cut = cutText(whole, { maxBytes: MAX_PREVIEW_BYTES });
  if (!cut.truncated) return whole;
  return `${cut.text}\n[${whole.length - cut.text.length} more characters]`;
}

const PREVIEWS: ReadonlyMap<string, Preview> = new Map<string, Preview>([
  ["process.exec", command],
  ["fs.write", content],
  ["repo.apply_patch", patch],
  ["net.http_request", httpRequest],
  ["mcp.call", toolCall],
]);

function command({ params }: ActionFacts, redact: Redact): string[] {
  const argv = textsOf(params["argv"]).map((arg) => `  ${quoted(redact(arg))}`);
  return [
    "argv:",
    ...argv,
    ...textLine("cwd", params["cwd"], redact),
    ...listLine("environment", params["env_allowlist_keys"], redact),
    ...listLine("credential leases", params["credential_lease_ids"], redact),
    ...textBlock("stdin", params["stdin"], redact),
  ];
}

function content({ params }: ActionFacts, redact: Redact): string[] {
  return [
    ...textLine("encoding", params["encoding"], redact),
    ...textBlock("content", params["content"], redact),
  ];
}

function patch({ params }: ActionFacts, redact: Redact): string[] {
  return [
    ...textLine("path", params["path"], redact),
    ...textBlock("patch", params["patch"], redact),
    ...textBlock("content", params["content"], redact),
  ];
}

function httpRequest({ params, facets }: ActionFacts, redact: Redact): string[] {
  const method = params["method"] ?? facets.http?.method ?? "GET";
  const scheme = params["scheme"] ?? facets.http?.scheme ?? "https";
  const headers = isJsonObject(params["headers"]) ? Object.entries(params["headers"]) : [];
  return [
    ...textLine("method", method, redact),
    ...textLine("scheme", scheme, redact),
    ...textLine("query", params["query"], redact),
    ...headers.map(([name, value]) => `  ${shown(redact(`${name}: ${textOf(value)}`))}`),
    ...textBlock("body", params["body"], redact),
  ];
}

function toolCall({ params }: ActionFacts, redact: Redact): string[] {
  return [
    ...textLine("upstream server", params["upstream_server"], redact),
    ...textLine("tool", params["upstream_tool"], redact),
    ...jsonBlock("arguments", params["tool_arguments"], redact),
  ];
}

function anyParams({ params }: ActionFacts, redact: Redact): string[] {
  return Object.keys(params).length === 0 ? [] : jsonBlock("params", params, redact);
}

function textLine(name: string, value: JsonValue | undefined, redact: Redact): string[] {
  return value === undefined ? [] : [`${name}: ${shown(redact(textOf(value)))}`];
}

function listLine(name: string, value: JsonValue | undefined, redact: Redact): string[] {
  const items = textsOf(value).map((item) => quoted(redact(item)));
  return items.length === 0 ? [] : [`${name}: ${items.join(", ")}`];
}

function textBlock(name: string, value: JsonValue | undefined, redact: Redact): string[] {
  if (value === undefined) return [];
  const raw = textOf(value);
  return [`${name} (${raw.length} characters):`, ...block(redact(raw))];
}

function jsonBlock(name: string, value: JsonValue | undefined, redact: Redact): string[] {
  return value === undefined ? [] : [`${name}:`, ...jsonLines(value, redact)];
}

function textsOf(value: JsonValue | undefined): string[] {
  return isJsonArray(value) ? value.map(textOf) : [];
}

/** Params were checked before; a member of another type than expected is shown, not hidden. */
function textOf(value: JsonValue): string {
  return typeof value === "string" ? value : jsonLines(value, (text) => text).join(" ");
}
