import { describe, expect, it } from "vitest";
import { canonicalJson, type JsonValue, parseJson } from "../../../../core/encoding/mod.ts";
import { MARKER, Redactor, scrubJson } from "../../../../core/redact/mod.ts";

const redactor = new Redactor().with({ secrets: ["made-up-value"] });

function read(text: string): JsonValue {
  const result = parseJson(text);
  if (!result.ok) throw new Error(result.reason[0]?.message);
  return result.value.value;
}

/** What is left of a document, and where it was changed. */
function scrubbed(text: string): [string, readonly string[]] {
  const { value, redacted } = scrubJson(redactor, read(text));
  return [canonicalJson(value), redacted];
}

describe("scrubbing a document", () => {
  it.each<[string, string, readonly string[]]>([
    ["a string", '"a made-up-value"', [""]],
    ["strings at any depth", '{"a":[1,{"b":"made-up-value"}]}', ["/a/1/b"]],
    ["a header by its name", '{"Authorization":"x","n":"y"}', ["/Authorization"]],
    ["all strings of such a member", '{"set-cookie":["a","b",1]}', [
      "/set-cookie/0",
      "/set-cookie/1",
    ]],
    ["members named like keys", '{"clientSecret":"x","private_key":"y"}', [
      "/clientSecret",
      "/private_key",
    ]],
    ["a header as a pair", '[["Cookie","a=b"],["Accept","x"]]', ["/0/1"]],
    ["a header as an object", '[{"name":"cookie","value":"a=b"}]', ["/0/value"]],
    ["a private JSON Web Key", '{"d":"x","kty":"EC","x":"y"}', ["/d"]],
    ["a member's name", '{"a made-up-value":1}', ["/a [REDACTED]"]],
    ["a name with a slash", '{"a/made-up-value":"made-up-value"}', [
      "/a~1[REDACTED]",
    ]],
  ])("redacts %s", (_, text, pointers) => {
    const [left, redacted] = scrubbed(text);
    expect(left).not.toContain("made-up-value");
    expect(left).toContain(MARKER);
    expect(redacted).toEqual(pointers);
  });

  it("keeps two names apart that held a secret each", () => {
    expect(scrubbed('{"made-up-value":1,"xmade-up-valuex":2,"[REDACTED]":3,"x[REDACTED]x":4}')[0])
      .toBe(
        '{"[REDACTED]":3,"[REDACTED] 2":1,"x[REDACTED]x":4,"x[REDACTED]x 2":2}',
      );
  });

  it("redacts each string by itself: brackets and quotes are never touched", () => {
    const [left, redacted] = scrubbed('{"a":"-----BEGIN A-----\\nx","b":"Cookie: y","c":"z"}');
    expect(left).toBe('{"a":"[REDACTED]","b":"[REDACTED]","c":"z"}');
    expect(redacted).toEqual(["/a", "/b"]);
  });

  it("returns the same value when nothing has to go", () => {
    const value = read('{"a":[1,2.50,true,null,"x"],"d":"M10 20","cookie":12,"k":""}');
    const result = scrubJson(redactor, value);
    expect(result.value).toBe(value);
    expect(result.redacted).toEqual([]);
  });

  it("leaves empty strings and numbers of secret members", () => {
    expect(scrubbed('{"authorization":"","cookie":[1,true,null]}')).toEqual([
      '{"authorization":"","cookie":[1,true,null]}',
      [],
    ]);
  });

  it("takes __proto__ and constructor for data", () => {
    const [left, redacted] = scrubbed('{"__proto__":{"cookie":"x"},"constructor":"made-up-value"}');
    expect(left).toBe('{"__proto__":{"cookie":"[REDACTED]"},"constructor":"[REDACTED]"}');
    expect(redacted).toEqual(["/__proto__/cookie", "/constructor"]);
  });
});
