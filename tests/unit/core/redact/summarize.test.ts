import { describe, expect, it } from "vitest";
import { MARKER, Redactor, summarize } from "../../../../core/redact/mod.ts";

const redactor = new Redactor();
const size = (text: string): number => new TextEncoder().encode(text).length;

describe("a summary", () => {
  it("is the redacted text when that is short", () => {
    expect(summarize(redactor, "a Cookie: b\nc")).toBe(`a ${MARKER}\nc`);
  });

  it("has at most 256 bytes, or as many as asked for", () => {
    const text = "äöü €😀 ".repeat(2000);
    expect([size(summarize(redactor, text)) <= 256, size(summarize(redactor, text, 10)) <= 10])
      .toEqual([true, true]);
    expect(text.startsWith(summarize(redactor, text, 101))).toBe(true);
  });

  it("shows nothing of a secret that begins within it and ends far behind it", () => {
    const token = `${"gh" + "p_"}${"MadeUp0".repeat(2000)}`;
    expect(summarize(redactor, `token ${token} end`)).toBe(`token ${MARKER}`);
  });

  it("shows nothing of a secret that only comes into reach because others became shorter", () => {
    const many = `${"gh" + "p_"}${"MadeUp0".repeat(8)} `.repeat(90);
    const shown = summarize(redactor, `${many}${"gh" + "p_"}${"MadeUp0".repeat(8)}`, 2000);
    expect(shown).not.toContain("MadeUp0");
  });

  it("costs the same however long the text is", () => {
    let seen = 0;
    const counting = { scrub: (text: string) => (seen = text.length, text) };
    summarize(counting, "x".repeat(1_000_000));
    expect(seen).toBeLessThan(5000);
  });

  it("does not cut a character in two", () => {
    const text = `${"😀".repeat(3000)}`;
    for (const max of [253, 254, 255, 256]) {
      expect(summarize(redactor, `${"x".repeat(max % 4)}${text}`, max).isWellFormed()).toBe(true);
    }
  });
});
