import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BUILTIN_PATTERNS, Redactor } from "../../../../core/redact/mod.ts";

/**
 * A line of a corpus. A token stands there in parts, so that no scanner takes the corpus for a leak.
 */
interface Line {
  readonly text?: string;
  readonly parts?: readonly string[];
  readonly expect?: string;
  readonly why: string;
}

function read(name: string): Line[] {
  const file = new URL(`../../../vectors/${name}`, import.meta.url);
  return readFileSync(file, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
}

const textOf = ({ text, parts }: Line): string => text ?? parts?.join("") ?? "";

const TRUE = read("redaction_true.jsonl");
const FALSE = read("redaction_false.jsonl");
const redactor = new Redactor();

describe("the corpus of secrets", () => {
  it.each(TRUE)("redacts: $why", (line) => {
    expect(redactor.scrub(textOf(line))).toBe(line.expect);
  });

  it("has something for every built-in pattern", () => {
    const unseen = BUILTIN_PATTERNS.filter((pattern) => {
      const [prefix] = pattern.id.split(":").slice(1);
      return prefix !== undefined && !TRUE.some((line) => textOf(line).includes(prefix));
    });
    expect(unseen.map(({ id }) => id)).toEqual([]);
  });

  it("holds no whole token in one string", () => {
    for (const { parts, text } of TRUE) {
      for (const part of parts ?? [text ?? ""]) {
        expect(part).not.toMatch(/gh[a-z]_\w{30}|AKIA\w{16}|sk_live_\w{16}|PRIVATE KEY-----/);
      }
    }
  });

  it("is large", () => {
    expect([TRUE.length >= 200, FALSE.length >= 200]).toEqual([true, true]);
  });
});

describe("the corpus of texts that only look like secrets", () => {
  it.each(FALSE.map((line) => ({ ...line, shown: JSON.stringify(textOf(line)) })))(
    "leaves $shown: $why",
    (line) => {
      expect(redactor.scrub(textOf(line))).toBe(textOf(line));
    },
  );
});
