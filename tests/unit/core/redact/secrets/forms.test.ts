import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { MARKER, Redactor } from "../../../../../core/redact/mod.ts";

const VALUE = 'p@ss "wörd"\\/<1>&é+=?';
const bytes = Buffer.from(VALUE);
const leased = new Redactor().with({ secrets: [VALUE] });

function shows(form: string): string {
  return leased.scrub(`before ${form} after`);
}

describe("a leased secret", () => {
  it.each<[string, string]>([
    ["as it is", VALUE],
    ["in JSON", JSON.stringify(VALUE).slice(1, -1)],
    [
      "in JSON as Go writes it",
      JSON.stringify(VALUE).slice(1, -1).replace(/[<>&]/g, unicodeEscape),
    ],
    ["in ASCII JSON", JSON.stringify(VALUE).slice(1, -1).replace(/[^ -~]/g, unicodeEscape)],
    ["in JSON as PHP writes it", JSON.stringify(VALUE).slice(1, -1).replaceAll("/", "\\/")],
    ["in JSON in JSON", JSON.stringify(JSON.stringify(VALUE).slice(1, -1)).slice(1, -1)],
    ["in a URL", encodeURIComponent(VALUE)],
    [
      "in a URL, in lower-case hex",
      encodeURIComponent(VALUE).replace(/%../g, (c) => c.toLowerCase()),
    ],
    ["in a URL by RFC 3986", encodeURIComponent(VALUE).replace(/[!'()*]/g, percent)],
    ["in a form", new URLSearchParams({ a: VALUE }).toString().slice(2)],
    ["as encodeURI leaves it", encodeURI(VALUE)],
    ["in hex", bytes.toString("hex")],
    ["in upper-case hex", bytes.toString("hex").toUpperCase()],
    ["in base64", bytes.toString("base64")],
    ["in base64 without padding", bytes.toString("base64").replaceAll("=", "")],
    ["in base64 for URLs", bytes.toString("base64url")],
    ["in base64 for URLs with padding", bytes.toString("base64").replace(/[+/]/g, urlSafe)],
  ])("is removed %s", (_, form) => {
    expect(shows(form)).toBe(`before ${MARKER} after`);
  });

  it.each([0, 1, 2, 3, 4, 5])("is removed from base64 with %i bytes in front of it", (n) => {
    for (const tail of ["", "x", "xy", "xyz"]) {
      for (const encoding of ["base64", "base64url"] as const) {
        const encoded = Buffer.from(`${"a".repeat(n)}${VALUE}${tail}`).toString(encoding);
        const shown = leased.scrub(encoded);
        expect(shown).toContain(MARKER);
        // What may be left of it at either end are fewer than six bits.
        const left = shown.replace(MARKER, "").length;
        expect(left).toBeLessThanOrEqual(Math.ceil(n * 4 / 3) + Math.ceil(tail.length * 4 / 3) + 5);
        expect(Buffer.from(shown, "base64").toString("latin1")).not.toContain(VALUE.slice(4, 8));
      }
    }
  });

  it("is removed from encoded text that is broken into lines", () => {
    const long = `${"x".repeat(50)}${VALUE}${"y".repeat(50)}`;
    const wrapped = Buffer.from(long).toString("base64").replace(/.{20}/g, "$&\n");
    const hex = Buffer.from(long).toString("hex").replace(/.{60}/g, "$&\r\n");
    for (const text of [wrapped, hex]) {
      const shown = leased.scrub(text).replace(/\s/g, "");
      expect(shown).toMatch(/^\w+\[REDACTED\][\w=]+$/);
      expect(leased.scrub(shown)).toBe(shown);
    }
  });

  it("does not count the blanks and newlines around it", () => {
    const redactor = new Redactor().with({ secrets: ["  from-a-file\n"] });
    expect(redactor.scrub("x from-a-file y")).toBe(`x ${MARKER} y`);
    expect(redactor.scrub(btoa("from-a-file\n"))).not.toContain(btoa("from-a-file").slice(0, 8));
  });

  it("of several lines is removed line by line as well", () => {
    const redactor = new Redactor().with({ secrets: ["first-line-1\nsecond-line-2\nshort\n"] });
    expect(redactor.scrub("a second-line-2 b\nfirst-line-1\r\nshort")).toBe(
      `a ${MARKER} b\n${MARKER}\r\nshort`,
    );
  });

  it.each(["", " ", "abc", "é1", MARKER, "REDACTED"])(
    "is not looked for when it is %j",
    (secret) => {
      const text = `abc é1 ${MARKER} REDACTED, ${secret}`;
      expect(new Redactor().with({ secrets: [secret] }).scrub(text)).toBe(text);
    },
  );

  it("of four characters is removed wherever it stands", () => {
    expect(new Redactor().with({ secrets: ["k3y!"] }).scrub("ak3y!b")).toBe(`a${MARKER}b`);
  });

  it("that holds another one is removed whole", () => {
    const redactor = new Redactor().with({ secrets: ["inner-value", "an-inner-value-too"] });
    expect(redactor.scrub("x an-inner-value-too y inner-value z an-inner-value")).toBe(
      `x ${MARKER} y ${MARKER} z an-${MARKER}`,
    );
  });

  it("that overlaps another one leaves nothing of either", () => {
    const redactor = new Redactor().with({ secrets: ["abcd-efgh", "efgh-ijkl"] });
    expect(redactor.scrub("x abcd-efgh-ijkl y")).toBe(`x ${MARKER} y`);
  });
});

function unicodeEscape(c: string): string {
  return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function percent(c: string): string {
  return `%${c.charCodeAt(0).toString(16).toUpperCase()}`;
}

function urlSafe(c: string): string {
  return c === "+" ? "-" : "_";
}
