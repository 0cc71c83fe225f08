import { describe, expect, it } from "vitest";
import { createRedactor, MARKER, Redacted, Redactor } from "../../../../core/redact/mod.ts";

const redactor = new Redactor();

describe("a redactor", () => {
  it("returns the same text when there is nothing to redact", () => {
    const text = "nothing here\n".repeat(100);
    expect(redactor.scrub(text)).toBe(text);
  });

  it("makes text that proves it was redacted", () => {
    const redacted = redactor.redacted("Cookie: a=b\nok");
    expect(redacted).toBeInstanceOf(Redacted);
    expect(redacted.text).toBe(`${MARKER}\nok`);
  });

  it("is not changed by making another one from it", () => {
    const other = redactor.with({ secrets: ["made-up-value"] });
    expect(other.scrub("made-up-value")).toBe(MARKER);
    expect(redactor.scrub("made-up-value")).toBe("made-up-value");
    expect(redactor.with({})).toBe(redactor);
  });

  it("adds to what the one before it removes", () => {
    const both = redactor.with({ secrets: ["made-up-one"] }).with({
      secrets: ["made-up-two"],
      patterns: ["three[0-9]+"],
    });
    expect(both.scrub("made-up-one made-up-two three3 four")).toBe(
      `${MARKER} ${MARKER} ${MARKER} four`,
    );
  });

  it("decides what is longer than its window like a stream does: it goes", () => {
    const long = "a".repeat(5000);
    for (const text of [`ey` + `J${long}`, `redis://u:${long}`, `?password=${long}`]) {
      const stream = redactor.stream();
      const streamed = stream.push(text.slice(0, 4500)) + stream.push(text.slice(4500)) +
        stream.end();
      expect(redactor.scrub(text)).not.toContain("aaaa");
      expect(streamed).toBe(redactor.scrub(text));
    }
  });

  it("covers the rest when more blocks are open than anyone writes", () => {
    const begins = Array.from({ length: 70 }, (_, i) => `-----BEGIN K${i} KEY-----\n`).join("");
    const ends = Array.from({ length: 70 }, (_, i) => `-----END K${i} KEY-----\n`).join("");
    expect(redactor.scrub(`a ${begins}${ends} b`)).toBe(`a ${MARKER}`);
  });
});

describe("operators' patterns", () => {
  it("are compiled when the redactor is made, and used", () => {
    const made = createRedactor({ operatorPatterns: ["(?i)corp-[0-9]{6}", "(?s)<x>.*?</x>"] });
    expect(made.ok && made.value.scrub("a CORP-123456 b <x>\n1\n</x> c")).toBe(
      `a ${MARKER} b ${MARKER} c`,
    );
  });

  it("that do not compile are all reported, each with its place", () => {
    const made = createRedactor({ operatorPatterns: ["ok", "(", "a(?=b)", ""] });
    expect(made).toEqual({
      ok: false,
      reason: [
        {
          pointer: "/redaction/patterns/1",
          message: 'Cannot compile pattern "(": missing closing ): `(`, expected RE2 syntax',
        },
        {
          pointer: "/redaction/patterns/2",
          message:
            'Cannot compile pattern "a(?=b)": invalid or unsupported Perl syntax: `(?=`, expected RE2 syntax',
        },
        {
          pointer: "/redaction/patterns/3",
          message: 'Cannot compile pattern "": it is empty, expected RE2 syntax',
        },
      ],
    });
  });

  it("of a rule that do not compile after all remove everything", () => {
    expect(redactor.with({ patterns: ["("] }).scrub("a\nb")).toBe(MARKER);
  });

  it("see the text as it was, whatever else is removed from it", () => {
    const own = redactor.with({ patterns: ["token AKIA[A-Z]+ end"] });
    expect(own.scrub("x token AKI" + "AMADEUPEXAMPLEAB end y")).toBe(`x ${MARKER} y`);
  });

  it("may match nothing, or a part of a marker, without any effect", () => {
    const own = redactor.with({ patterns: ["z*", "E", "RED|\\[RED"] });
    expect(own.scrub(`a ${MARKER} b`)).toBe(`a ${MARKER} b`);
    expect(own.scrub("aEb")).toBe(`a${MARKER}b`);
  });

  it("take anchors and word borders by the whole text", () => {
    const own = redactor.with({ patterns: ["^first", "\\bword\\b", "last$", "(?m)^line$"] });
    expect(own.scrub("first word first swords\nline\nlast")).toBe(
      `${MARKER} ${MARKER} first swords\n${MARKER}\n${MARKER}`,
    );
  });

  it("do the same in a stream as in the whole, also across blocks", () => {
    const own = redactor.with({ patterns: ["id-[0-9]+", "^start", "(?s)<long>.*?</long>"] });
    const filler = "some text, line after line\n".repeat(4800);
    const text = `start${filler}id-1 <long>${"x".repeat(50_000)}</long> start id-22${filler}id-333`;
    const stream = own.stream();
    let streamed = "";
    for (let at = 0; at < text.length; at += 10_007) {
      streamed += stream.push(text.slice(at, at + 10_007));
    }
    streamed += stream.end();
    expect(streamed).toBe(own.scrub(text));
    expect(streamed).toBe(
      `${MARKER}${filler}${MARKER} ${MARKER} start ${MARKER}${filler}${MARKER}`,
    );
  });
});

describe("the border of two blocks of an operator's pattern", () => {
  const BLOCK = 128 * 1024;

  it("does not let two matches overlap", () => {
    const own = redactor.with({ patterns: ["a.|.b"] });
    const before = "-".repeat(BLOCK - 1);
    expect(own.scrub(`${before}axb---`)).toBe(`${before}${MARKER}b---`);
  });

  it("is no border of words and no beginning of a line", () => {
    const own = redactor.with({ patterns: ["\\bword", "(?m)^word", "\\Aword"] });
    const text = `${"x".repeat(BLOCK)}word`;
    expect(own.scrub(text)).toBe(text);
  });

  it("is crossed by matches", () => {
    const own = redactor.with({ patterns: ["<[^>]*>"] });
    const before = "-".repeat(BLOCK - 2);
    expect(own.scrub(`${before}<made-up>-`)).toBe(`${before}${MARKER}-`);
  });
});

describe("a stream", () => {
  it("looks no farther ahead than the whole does when it seeks the next string of an array", () => {
    const text = `"set-cookie": ["a=b", ""set-cookie": [${"\n".repeat(3000)}"x"`;
    const stream = redactor.stream();
    let streamed = "";
    for (let at = 0; at < text.length; at += 600) streamed += stream.push(text.slice(at, at + 600));
    expect(streamed + stream.end()).toBe(redactor.scrub(text));
    expect(redactor.scrub(text)).toMatch(/\n"\[REDACTED\]"$/);
  });

  it("shows what it can before the text ends", () => {
    const stream = redactor.stream();
    const shown = stream.push("line of text\n".repeat(1000));
    expect(shown.length).toBeGreaterThan(12_000);
    expect(shown + stream.end()).toBe("line of text\n".repeat(1000));
  });

  it("removes a secret that arrives one character at a time", () => {
    const stream = redactor.stream(["made-up-leased-value"]);
    let out = "";
    for (const c of "a made-up-leased-value b Cookie: x=y") out += stream.push(c);
    expect(out + stream.end()).toBe(`a ${MARKER} b ${MARKER}`);
  });

  it("swallows a block that is longer than any window until its own END", () => {
    const stream = redactor.stream();
    let out = stream.push("before -----BEGIN RSA PRIVATE KEY" + "-----\n");
    for (let i = 0; i < 5000; i++) out += stream.push("TWFkZVVwMEV4YW1wbGUx\n");
    out += stream.push("-----END RSA PRIVATE KEY" + "----- after");
    expect(out + stream.end()).toBe(`before ${MARKER} after`);
  });

  it("keeps what it holds in memory small, whatever comes", () => {
    const endless = [
      "Authorization: x",
      "ey" + "J",
      "-----BEGIN A-----\n",
      '"cookie": ["',
      "redis://u:",
    ];
    for (const begin of endless) {
      const stream = redactor.stream();
      let shown = stream.push(begin).length;
      for (let i = 0; i < 200; i++) shown += stream.push("a".repeat(1000)).length;
      expect(shown).toBeLessThan(100);
      expect(stream.held).toBeLessThan(12_000);
    }
  });

  it("judges the next anchor from the start when the one before turned out to be none", () => {
    const text = `'p\\"set-cookie": ["a=b", "`;
    const stream = redactor.stream([], 1);
    let out = "";
    for (const c of text) out += stream.push(c);
    expect(out + stream.end()).toBe(`'p\\"set-cookie": ["${MARKER}", "`);
  });

  it("keeps the halves of a character together", () => {
    const stream = redactor.stream();
    stream.push("x");
    for (let i = 0; i < 3000; i++) {
      const piece = stream.push(i % 2 === 0 ? "\ud83d" : "\ude00");
      expect(piece.isWellFormed()).toBe(true);
    }
    expect(stream.end().isWellFormed()).toBe(true);
  });

  it("that gets nothing says nothing", () => {
    const stream = redactor.stream();
    expect(stream.push("") + stream.end()).toBe("");
  });
});

describe("a text that begins in the middle", () => {
  const redactor = new Redactor({ secrets: ["line one of it\nline two of it"] });
  const begin = "-----BEGIN PRIVATE" + " KEY-----\n";

  it.each([
    ["the body of a key block", `${begin}cGxhbnRlZA==\n`, "cGxhbnRlZA==\nmore\n", "[REDACTED]"],
    [
      "the body and what follows its end",
      begin,
      "cGxhbnRlZA==\n-----END PRIVATE" + " KEY-----\nafter\n",
      "[REDACTED]\nafter\n",
    ],
    [
      "nothing of a closed block",
      `${begin}x\n-----END PRIVATE` + " KEY-----\n",
      "after\n",
      "after\n",
    ],
    ["nothing of a header's line", "Authorization: Token abc\n", "plain\n", "plain\n"],
    ["what it holds itself", "front\n", "Authorization: Token abc\n", "[REDACTED]\n"],
    ["the rest of a secret of two lines", "x line one of it\n", "line two of it y", "[REDACTED] y"],
  ])("hides %s", (_, before, text, expected) => {
    expect(redactor.scrub(text, { before })).toBe(expected);
  });
});
