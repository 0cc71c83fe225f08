import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText } from "../../core/encoding/mod.ts";
import { MARKER, Redacted, type RedactionStream, Redactor } from "../../core/redact/mod.ts";

const builtin = new Redactor();

/** Pieces of everything the patterns know, whole and torn, from which texts are put together. */
const FRAGMENTS: readonly string[] = [
  ..."\"'\\[]{}:,;=@/?&.-_~+| \t\n\r<>#$%bBeEyJ0a",
  "\r\n",
  '\\"',
  '\\\\\\"',
  "\\n",
  MARKER,
  "[REDA",
  "CTED]",
  "Authorization",
  "proxy-authorization: ",
  "Set-Cookie",
  "cookie: ",
  "cookie::",
  "X-Api-Key:",
  "x-auth-token",
  '"authorization"',
  '"authorization": "',
  "'Cookie': '",
  '\\"cookie\\": \\"',
  '"set-cookie": [',
  '"set-cookie": ["a=b", "',
  '"private_key": ',
  '"cookie": true',
  '"d": "',
  "Bearer ",
  "bearer authentication",
  "Basic ",
  "dXNlcjpwYXNz",
  "geometry",
  "AKIA",
  "ABCDEFGH01234567",
  "eyJ",
  "eyJa.b.c",
  "eyJa..b",
  "-----BEGIN ",
  "-----BEGIN A-----",
  "-----BEGIN B KEY-----\n",
  "-----END A-----",
  "-----END B KEY-----",
  "-----",
  "ghp_",
  "github_pat_",
  "glpat-",
  "xoxb-",
  "sk_live_",
  "sk-",
  "sk-ant-",
  "npm_",
  "AIza",
  "ya29.",
  "8Q~",
  "://",
  "https://hooks.slack.com/services/",
  "postgres://user:",
  "password@host/db",
  ":8080,",
  "${NAME}",
  ";Password=",
  "&sig=",
  "AccountKey=",
  "aws_secret_access_key = ",
  "0123456789abcdefghij",
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ",
  "word",
  "é",
  "😀",
  "\uFFFD",
];

const SECRETS = [
  "correct-horse-battery",
  'p"a\\ss,wörd<&>',
  "0123456789abcdef",
  "tail\nof two lines",
];
const leased = builtin.with({ secrets: SECRETS });

const texts = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...FRAGMENTS) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...SECRETS, ...SECRETS.map((secret) => secret.slice(0, 9))),
    },
    { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
  ),
  { maxLength: 24 },
).map((parts) => parts.join(""));

/** Texts long enough for a stream to work on them in many steps. */
const longTexts = fc.tuple(
  texts,
  texts,
  texts,
  fc.constantFrom("x", "y z ", " ", "\n", "A0_", "\\"),
).chain(
  ([a, b, c, filler]) =>
    fc.tuple(fc.nat(5000), fc.nat(1200)).map(([n, m]) =>
      a + filler.repeat(Math.ceil(n / filler.length)) + b + filler.repeat(m) + c
    ),
);

function inPieces(stream: RedactionStream, text: string, lengths: readonly number[]): string {
  let out = "";
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const length = Math.max(1, lengths[i % lengths.length] ?? 1);
    out += stream.push(text.slice(at, at + length));
    at += length;
  }
  return out;
}

describe("redacting", () => {
  it("changes nothing more when it is done twice", () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(builtin, leased), (text, redactor) => {
        const once = redactor.scrub(text);
        expect(redactor.scrub(once)).toBe(once);
      }),
      { numRuns: 20_000 },
    );
  });

  it("gives the same for a stream as for the whole, however it is cut", () => {
    fc.assert(
      fc.property(
        fc.oneof(texts, longTexts),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 3000 })), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.boolean(),
        fc.constantFrom(builtin, leased),
        fc.constantFrom(1, 20, 512),
        (text, lengths, openEnd, redactor, batch) => {
          const stream = redactor.stream([], batch);
          const streamed = inPieces(stream, text, lengths) + stream.end({ openEnd });
          expect(streamed).toBe(redactor.scrub(text, { openEnd }));
        },
      ),
      { numRuns: 6_000 },
    );
  });

  it("never leaks a piece of a leased secret, whatever surrounds it and wherever the text is cut", () => {
    const secrets = fc.string({ minLength: 8, maxLength: 60, unit: "grapheme-ascii" })
      .filter((secret) =>
        secret.trim().length >= 8 && !secret.includes("[") && !secret.includes("]")
      );
    fc.assert(
      fc.property(
        secrets,
        texts,
        texts,
        fc.nat(120),
        fc.nat(200),
        fc.boolean(),
        (secret, before, after, cap, kept, cut) => {
          const redactor = builtin.with({ secrets: [secret] });
          const whole = before + secret + after;
          const raw = cut ? whole.slice(0, kept) : whole;
          const shown =
            Redacted.by(redactor, raw, { openEnd: cut }).cut({ maxBytes: cap }).redacted.text;
          for (const piece of piecesOf(secret.trim())) {
            const elsewhere = before.includes(piece) || after.includes(piece) ||
              MARKER.includes(piece);
            if (!elsewhere) expect(shown).not.toContain(piece);
          }
        },
      ),
      { numRuns: 4_000 },
    );
  });

  it("leaves text alone that has no secret in it", () => {
    const words = fc.array(fc.constantFrom(...PROSE), { maxLength: 30 }).map((parts) =>
      parts.join(" ")
    );
    fc.assert(
      fc.property(words, (text) => {
        expect(leased.scrub(text)).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  });

  it("keeps JSON valid when only quoted members are secret", () => {
    const values = fc.oneof(
      fc.string(),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.boolean(),
      fc.integer(),
    );
    const names = fc.constantFrom(
      "authorization",
      "Cookie",
      "set-cookie",
      "private_key",
      "note",
      "items",
    );
    const plain = fc.dictionary(names, values, { maxKeys: 5 });
    fc.assert(
      fc.property(plain, fc.constantFrom(undefined, 2), fc.boolean(), (value, indent, nested) => {
        const inner = JSON.stringify(value, null, indent);
        const text = nested ? JSON.stringify({ body: inner }) : inner;
        const scrubbed: unknown = JSON.parse(builtin.scrub(text));
        expect(scrubbed).toBeTypeOf("object");
      }),
      { numRuns: 3_000 },
    );
  });

  it("cuts after redacting, at a character's border", () => {
    fc.assert(
      fc.property(texts, fc.nat(60), (text, maxBytes) => {
        const redacted = builtin.redacted(text);
        const { text: expected, truncated } = cutText(redacted.text, { maxBytes });
        const cut = redacted.cut({ maxBytes });
        expect([cut.redacted.text, cut.truncated]).toEqual([expected, truncated]);
      }),
    );
  });
});

function* piecesOf(secret: string): Generator<string> {
  for (let at = 0; at + 8 <= secret.length; at++) yield secret.slice(at, at + 8);
}

const PROSE: readonly string[] = [
  "the",
  "Cookie",
  "Monster",
  "authorization",
  "header",
  "X-Api-Key",
  "basic",
  "geometry",
  "Bearer",
  "authentication",
  "token",
  "is",
  "hard",
  "eyJ",
  "AKIA",
  "ghp_",
  "sk-learn",
  "BEGIN",
  "https://example.com:8080/path?x=1",
  "12:30:45",
  "a=b",
  "(password)",
  "file://workspace/src/main.ts",
];
