import {
  isJsonArray,
  isJsonObject,
  type JsonNumber,
  type JsonValue,
  numberSource,
} from "../encoding/mod.ts";

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const INDENT = "  ";

/** Text on one line, with characters that cannot be seen written out. */
export function shown(text: string): string {
  return text.replace(UNSEEN, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Text in quotes, on one line. */
export function quoted(text: string): string {
  return `"${shown(escaped(text))}"`;
}

/** Text of several lines, each marked as a part of it. */
export function block(text: string): string[] {
  return text.split("\n").map((line) => `${INDENT}| ${shownInBlock(line)}`);
}

/** Tabs are part of code and harm nothing on an indented line. */
function shownInBlock(line: string): string {
  return line.split("\t").map(shown).join("\t");
}

/**
 * A JSON value, a member or item on each line.
 *
 * @param redact applied to each line's member as a whole, so that a name can tell that its value is a secret
 */
export function jsonLines(value: JsonValue, redact: (text: string) => string): string[] {
  const lines: string[] = [];
  walk(value, "", INDENT, (line) => lines.push(line), redact);
  return lines;
}

function walk(
  value: JsonValue,
  label: string,
  indent: string,
  add: (line: string) => void,
  redact: (text: string) => string,
): void {
  if (isJsonObject(value)) {
    add(`${indent}${label}{`);
    for (const [name, member] of Object.entries(value)) {
      walk(member, `"${escaped(name)}": `, `${indent}${INDENT}`, add, redact);
    }
    add(`${indent}}`);
  } else if (isJsonArray(value)) {
    add(`${indent}${label}[`);
    for (const item of value) walk(item, "", `${indent}${INDENT}`, add, redact);
    add(`${indent}]`);
  } else {
    add(indent + shown(redact(label + scalar(value, redact))));
  }
}

/** A text is redacted twice: as it is here, and by the caller together with its name. */
function scalar(
  value: null | boolean | string | number | JsonNumber,
  redact: (text: string) => string,
): string {
  if (typeof value === "string") return `"${escaped(redact(value))}"`;
  return value === null || typeof value === "boolean" ? String(value) : numberSource(value);
}

function escaped(text: string): string {
  return text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n");
}
