import { describe, expect, it } from "vitest";
import { Redacted } from "../../../../core/model/mod.ts";

const scrubber = { scrub: (text: string): string => text.replaceAll("hunter2", "[REDACTED]") };

describe("redacted text", () => {
  it("is made by a scrubber alone", () => {
    expect(Redacted.by(scrubber, "it is hunter2").text).toBe("it is [REDACTED]");
    // @ts-expect-error the constructor is private: text cannot be declared redacted
    expect(() => new Redacted("hunter2").text).not.toThrow();
    // @ts-expect-error an object of the same form is not redacted text
    const forged: Redacted = { text: "hunter2", cut: () => ({ truncated: false }) };
    expect(forged).not.toBeInstanceOf(Redacted);
  });

  it("tells the scrubber when the text was cut at its end", () => {
    const seen: unknown[] = [];
    const spy = { scrub: (text: string, options?: unknown) => (seen.push(options), text) };
    Redacted.by(spy, "a", { openEnd: true });
    expect(seen).toEqual([{ openEnd: true }]);
  });

  it.each([
    [{ maxBytes: 10 }, "ab [REDACT", true],
    [{ maxBytes: 100 }, "ab [REDACTED]\nc\nd", false],
    [{ maxLines: 1 }, "ab [REDACTED]\n", true],
    [{ maxLines: 3, maxBytes: 16 }, "ab [REDACTED]\nc\n", true],
    [{}, "ab [REDACTED]\nc\nd", false],
  ])("is cut to %j after it was redacted", (caps, text, truncated) => {
    const cut = Redacted.by(scrubber, "ab hunter2\nc\nd").cut(caps);
    expect(cut.redacted).toBeInstanceOf(Redacted);
    expect([cut.redacted.text, cut.truncated]).toEqual([text, truncated]);
  });
});
