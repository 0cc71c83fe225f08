import { describe, expect, it } from "vitest";
import { MARKER, Redactor } from "../../../../core/redact/mod.ts";

const KEY = "MadeUp0Example1Token2MadeUp0Example1Token2";
const redactor = new Redactor().with({
  secrets: [":made-up-value", "on rails 4 ever", "0123456789abcdef"],
});

/** Texts that once changed again when they were redacted a second time. */
const TEXTS: readonly (readonly [what: string, text: string, once: string])[] = [
  [
    "a line that takes away the quote which ended a string",
    '"set-cookie": ["a=b", ""cookie": word "x://user:\r\n"y"',
    `"set-cookie": ["${MARKER}", ""cookie"${MARKER}\r\n"${MARKER}"`,
  ],
  [
    "a block that takes away the quote which ended a string",
    '"cookie": "-----BEGIN A-----", "b": "\n-----END A----- tail", "c": 1',
    `"cookie": "${MARKER}", "c": 1`,
  ],
  [
    "a password that takes away the second of two colons",
    "://cookie::password@host/db",
    `://cookie${MARKER}@host/db`,
  ],
  ["a secret that takes away the second of two colons", "cookie::made-up-value x", MARKER],
  [
    "a secret that takes away the end of a word",
    "Bearer authentication rails 4 ever",
    `Bearer authenticati${MARKER}`,
  ],
  [
    "a removed neighbour that makes a boundary",
    `x 0123456789abcdefsk` + `-${KEY} y`,
    `x ${MARKER} y`,
  ],
  ["no removed neighbour", `x disk` + `-${KEY} y`, `x disk` + `-${KEY} y`],
  [
    "a token that would begin before the quote in front of it",
    `"cookie": true"8` + `Q~${KEY}`,
    `"cookie": true"8` + `Q~${KEY}`,
  ],
  ["a bare word with a token in it", `"cookie": true8` + `Q~${KEY}\nx`, `"cookie": ${MARKER}\nx`],
  [
    "a sentence that speaks of a block",
    `-----BEGIN NOTES----- Cookie: a`,
    `-----BEGIN NOTES----- ${MARKER}`,
  ],
];

describe("redacting twice", () => {
  it.each(TEXTS)("changes nothing more after %s", (_, text, once) => {
    expect(redactor.scrub(text)).toBe(once);
    expect(redactor.scrub(once)).toBe(once);
  });
});
