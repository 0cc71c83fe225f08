import { describe, expect, it } from "vitest";
import { Redactor } from "../../../../core/redact/mod.ts";

const redactor = new Redactor();

/** What stands before the secret part, and the secret part: made up, long enough to be one. */
const TOKENS: readonly (readonly [before: string, secret: string])[] = [
  ["Authorization: ", "Token made-up-value"],
  ['{"authorization": "', "made-up-value-1"],
  ['{"set-cookie": ["a=b", "', "made-up-value-2"],
  ["Bearer ", "authentication-made-Up-0"],
  ["Basic ", "geometryMadeUp0Example1"],
  ["AKI" + "A", "MADEUP0EXAMPLE1A"],
  ["ey" + "J", "MadeUp0.Example1.MadeUp2Example3"],
  ["-----BEGIN RSA PRIVATE KEY" + "-----\n", "TWFkZVVwMEV4YW1wbGUx\nTWFkZVVwMEV4YW1wbGUx"],
  ["-----BEGIN CERTIFICATE" + "----- ", "TWFkZVVwMEV4YW1wbGUx"],
  ["gh" + "p_", "MadeUp0Example1Token2MadeUp0Example1"],
  ["github_" + "pat_", "MadeUp0Example1Token2_MadeUp0Example1"],
  ["gl" + "pat-", "MadeUp0Example1Token2"],
  ["xo" + "xb-", "123456789012-MadeUp0Example1"],
  ["sk_" + "live_", "MadeUp0Example1Token2"],
  ["AI" + "za", "MadeUp0Example1Token2MadeUp0Example1"],
  ["ya" + "29.", "MadeUp0Example1Token2MadeUp0"],
  ["np" + "m_", "MadeUp0Example1Token2MadeUp0Example1"],
  ["sk" + "-ant-", "api03-MadeUp0Example1Token2MadeUp0Example1"],
  ["sk" + "-", "MadeUp0Example1Token2MadeUp0Example1Token2"],
  ["abc8" + "Q~", "MadeUp0Example1Token2MadeUp0Example1"],
  ["postgres://user:", "made@up-password@"],
  ["?password=", "made-up-value-3"],
  ["AccountKey=", "MadeUp0Example1Token2MadeUp0Example1Token2MadeUp0"],
  ["aws_secret_access_key = ", "MadeUp0Example1Token2MadeUp0Example1Token2"],
  ["https://hooks.slack.com/services/", "T00000000/B00000000/MadeUp0Example1"],
  ['{"kty":"oct","k":"', "MadeUp0Example1Token2MadeUp0Example1Token2MadeUp0"],
];

function pieces(secret: string): string[] {
  return Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8));
}

describe("a text that was cut at its end", () => {
  it.each(TOKENS)("shows nothing of the secret after %j, wherever it was cut", (before, secret) => {
    const whole = `some text ${before}${secret}`;
    for (let end = whole.length - secret.length; end <= whole.length; end++) {
      const shown = redactor.scrub(whole.slice(0, end), { openEnd: true });
      for (const piece of pieces(secret)) expect(shown).not.toContain(piece);
      expect(shown.startsWith("some text ")).toBe(true);
    }
  });

  it("shows nothing of a leased secret, in no form and wherever it was cut", () => {
    const secret = "leased-Made/Up+Value?";
    const leased = redactor.with({ secrets: [secret] });
    const forms = [
      secret,
      encodeURIComponent(secret),
      btoa(secret),
      btoa(`x${secret}`).slice(2),
      btoa(`xx${secret}`).slice(3),
      Array.from(secret, (c) => c.charCodeAt(0).toString(16)).join(""),
    ];
    for (const form of forms) {
      for (let end = 1; end <= form.length; end++) {
        const shown = leased.scrub(`text ${form.slice(0, end)}`, { openEnd: true });
        for (const piece of pieces(form)) expect(shown).not.toContain(piece);
      }
    }
  });

  it.each([
    ["gh" + "p_MadeUp0", "gh" + "p_MadeUp0"],
    ["Bearer abc", "Bearer abc"],
    ["see postgres://user:made-up", "see postgres://user:made-up"],
  ])("was not cut when nobody says so: %j", (text, expected) => {
    expect(redactor.scrub(text)).toBe(expected);
  });

  it("keeps what cannot be the beginning of a secret", () => {
    const text = "AKIA is a prefix, gh" + "p_ as well; both are short";
    expect(redactor.scrub(text, { openEnd: true })).toBe(text);
  });

  it("looks through the rest of a character that was cut in two", () => {
    const leased = redactor.with({ secrets: ["geheimer-Schlüssel"] });
    expect(leased.scrub("x geheimer-Schl\uFFFD", { openEnd: true })).toBe("x [REDACTED]\uFFFD");
    const stream = leased.stream();
    const out = stream.push("y".repeat(600) + "geheimer-Schl\uFFFD") +
      stream.end({ openEnd: true });
    expect(out).toBe("y".repeat(600) + "[REDACTED]\uFFFD");
  });
});
