import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isJsonObject, parseJson } from "../../../../core/encoding/mod.ts";
import { compileBundle, mergeBundles } from "../../../../core/policy/mod.ts";
import { compareDecimals } from "../../../../core/policy/decimal.ts";
import { splitPath } from "../../../../core/policy/parse_params_match.ts";
import { action, NOW, parsed } from "./support.ts";

/** Whether a rule with this `params_match` matches these params; both are JSON texts, so that numbers keep their digits. */
async function matches(conditions: string, params: string, decision = "ALLOW"): Promise<boolean> {
  const read = parseJson(params);
  if (!read.ok || !isJsonObject(read.value.value)) throw new Error("params are an object");
  const text = `{"version":"v1","rules":[{"id":"a","action_type":"fs.read","resource":"**",` +
    `"decision":"${decision}","params_match":${conditions}}]}`;
  const merged = mergeBundles([{ bundle: await parsed(text, "p.json") }]);
  if (!merged.ok) throw new Error("one bundle merges");
  const decided = compileBundle(merged.value).evaluate(action({ params: read.value.value }), NOW);
  return decided.rules.length === 1;
}

describe("params_match", () => {
  it.each([
    ['{"a": 1}', '{"a": 1}', true],
    ['{"a": 1}', '{"a": 1.0}', true],
    ['{"a": 1}', '{"a": "1"}', false],
    ['{"a": 1}', '{"a": true}', false],
    ['{"a": null}', '{"a": null}', true],
    ['{"a": null}', "{}", false],
    ['{"a": [1, 2]}', '{"a": [1, 2.0]}', true],
    ['{"a": [1, 2]}', '{"a": [2, 1]}', false],
    ['{"a": {"equals": {"x": 1, "y": 2}}}', '{"a": {"y": 2, "x": 1}}', true],
    ['{"a": {"equals": {"x": 1}}}', '{"a": {"x": 1, "y": 2}}', false],
    ['{"a": {"in": ["x", 7]}}', '{"a": 7.0}', true],
    ['{"a": {"in": ["x", 7]}}', '{"a": "y"}', false],
    ['{"a": {"present": true}}', '{"a": null}', true],
    ['{"a": {"present": true}}', "{}", false],
    ['{"a": {"present": false}}', "{}", true],
    ['{"a": {"present": false}}', '{"a": 1}', false],
    ['{"a": {"prefix": "ab"}}', '{"a": "abc"}', true],
    ['{"a": {"prefix": "ab"}}', '{"a": "ac"}', false],
    ['{"a": {"matches": "b+"}}', '{"a": "abbc"}', true],
    ['{"a": {"matches": "^b+$"}}', '{"a": "abbc"}', false],
    ['{"a": {"matches": "(?i)^EUR$"}}', '{"a": "eur"}', true],
    ['{"a": {"gte": 1, "lt": 2}}', '{"a": 1.99999999999999999999}', true],
    ['{"a": {"gte": 1, "lt": 2}}', '{"a": 2}', false],
    ['{"a": {"lte": 9007199254740992}}', '{"a": 9007199254740993}', false],
    ['{"a": {"gt": 0.1}}', '{"a": 0.10000000000000000001}', true],
    ['{"a": {"gt": 0.1}}', '{"a": "5"}', false],
    ['{"a": {"lt": 1e400}}', '{"a": 1e399}', true],
    ['{"a.b.c": 1}', '{"a": {"b": {"c": 1}}}', true],
    ['{"a.0.b": 1}', '{"a": [{"b": 1}]}', true],
    ['{"a.00": 1}', '{"a": [1]}', false],
    ['{"a.length": 1}', '{"a": [1]}', false],
    ['{"a.length": 2}', '{"a": "xx"}', false],
    ['{"a\\\\.b": 1}', '{"a.b": 1}', true],
    ['{"a\\\\\\\\b": 1}', '{"a\\\\b": 1}', true],
    ['{"constructor": {"present": true}}', "{}", false],
    ['{"__proto__": {"present": true}}', '{"__proto__": 1}', true],
    ['{"a": 1, "b": 2}', '{"a": 1}', false],
  ])("of an ALLOW, %s and %s: %s", async (conditions, params, wanted) => {
    expect(await matches(conditions, params)).toBe(wanted);
  });

  it.each([
    ['{"a": 1}', "{}", true],
    ['{"a": 1}', '{"a": "1"}', true],
    ['{"a": 1}', '{"a": 2}', false],
    ['{"a": {"in": ["x", 7]}}', '{"a": true}', true],
    ['{"a": {"in": ["x", 7]}}', '{"a": "y"}', false],
    ['{"a": {"prefix": "ab"}}', '{"a": 7}', true],
    ['{"a": {"matches": "x"}}', '{"a": ["x"]}', true],
    ['{"a": {"matches": "x"}}', '{"a": "y"}', false],
    ['{"a": {"gt": 100}}', '{"a": "1e9"}', true],
    ['{"a": {"gt": 100}}', '{"a": 100}', false],
    ['{"a": {"present": true}}', "{}", false],
    ['{"a": {"present": false}}', '{"a": 1}', false],
    ['{"a": {"present": true, "gt": 5}}', "{}", false],
  ])("of a DENY and of an approval, %s and %s: %s", async (conditions, params, wanted) => {
    expect(await matches(conditions, params, "DENY")).toBe(wanted);
    expect(await matches(conditions, params, "REQUIRE_APPROVAL")).toBe(wanted);
  });

  it("finds patterns in linear time", async () => {
    const text = JSON.stringify({ a: `${"a".repeat(30_000)}!` });
    expect(await matches('{"a": {"matches": "^(a+)+$"}}', text)).toBe(false);
  });
});

describe("a dotted path", () => {
  it.each([
    ["a", ["a"]],
    ["a.b", ["a", "b"]],
    ["a\\.b", ["a.b"]],
    ["a\\\\.b", ["a\\", "b"]],
    ["", undefined],
    [".a", undefined],
    ["a.", undefined],
    ["a..b", undefined],
    ["a\\", undefined],
    ["a\\b", undefined],
  ])("%j is %j", (dotted, names) => {
    expect(splitPath(dotted)).toEqual(names);
  });
});

describe("numbers compare exactly", () => {
  it.each([
    ["0", "-0", 0],
    ["0", "0e999999999999999999999", 0],
    ["1", "1.000", 0],
    ["1e2", "100", 0],
    ["100e-2", "1", 0],
    ["0.30000000000000001", "0.3", 1],
    ["9007199254740993", "9007199254740992", 1],
    ["-1", "1", -1],
    ["-2", "-1", -1],
    ["-0.6", "-0.6", 0],
    ["0", "-1", 1],
    ["0", "1e-999999999999999999999", -1],
    ["1e999999999999999999999", "1e999999999999999999998", 1],
    ["0.001", "0.0001", 1],
    ["99", "100", -1],
  ])("%s and %s: %d", (a, b, order) => {
    expect(Math.sign(compareDecimals(a, b))).toBe(order);
    expect(Math.sign(compareDecimals(b, a))).toBe(order === 0 ? 0 : -order);
  });

  const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,5})(\.[0-9]{1,5})?([eE][-+]?[0-9]{1,2})?$/);

  it("like integers of a common scale", () => {
    const scaled = (text: string) => {
      const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
      const [whole = "", fraction = ""] = mantissa.split(".");
      return BigInt(whole + fraction) * 10n ** BigInt(200 - fraction.length + Number(exponent));
    };
    fc.assert(
      fc.property(digits, digits, (a, b) => {
        const difference = scaled(a) - scaled(b);
        expect(Math.sign(compareDecimals(a, b))).toBe(
          difference < 0n ? -1 : difference > 0n ? 1 : 0,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
