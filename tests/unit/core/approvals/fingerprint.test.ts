import { describe, expect, it } from "vitest";
import { bindingOf, fingerprintOf } from "../../../../core/approvals/mod.ts";
import { ALICE, BY_CLASS, factsOf, json, ONCE } from "./support.ts";

describe("an action's fingerprint", () => {
  it("is the hash of its canonical form, numbers kept as they were sent", () => {
    const facts = factsOf({ params: json('{"zero":-0,"<":"é","amount":1.5}') });
    expect(fingerprintOf(facts)).toBe(
      "07dd7e1dec499d2ef6227487851dfb38065d6dcd6d17ac3f2c4c1e63428517f1",
    );
  });

  it.each<[string, string, string]>([
    ["a number and its text", '{"a":1.5}', '{"a":"1.5"}'],
    ["zero and minus zero", '{"a":0}', '{"a":-0}'],
    ["two spellings of a number", '{"a":1.0}', '{"a":1.00}'],
    ["large neighbours", '{"a":9007199254740992}', '{"a":9007199254740993}'],
    ["null and absence", '{"a":null}', "{}"],
    ["an empty list and an empty object", '{"a":[]}', '{"a":{}}'],
    ["text that looks like structure", '{"a":"\\",\\"b\\":\\""}', '{"a":"","b":""}'],
  ])("tells apart %s", (_, one, other) => {
    expect(fingerprintOf(factsOf({ params: json(one) }))).not.toBe(
      fingerprintOf(factsOf({ params: json(other) })),
    );
  });

  it("does not depend on the order of members, on ids or on the trace", () => {
    const one = factsOf({ params: json('{"a":1,"b":2}') });
    const other = factsOf({ params: json('{"b":2,"a":1}'), id: "act_2", traceId: "t2" });
    expect(fingerprintOf(one)).toBe(fingerprintOf(other));
  });

  it("depends on the type, the resource and each part of the identity", () => {
    const prints = [
      factsOf(),
      factsOf({ type: "payments.charge" }),
      factsOf({ resource: "payment://shop.example.com/orders/2" }),
      ...["principal", "agent", "environment"].map((part) =>
        factsOf({ identity: { ...ALICE, [part]: "other" } })
      ),
    ].map((facts) => fingerprintOf(facts));
    expect(new Set(prints).size).toBe(6);
  });
});

describe("what an approval is bound to", () => {
  it("is the action, or its class when the rules say so; always the identity", () => {
    const facts = factsOf();
    const who = { principal: "alice", agent: "nomos", environment: "dev" };
    const fingerprint = fingerprintOf(facts);
    expect(bindingOf(facts, ONCE)).toEqual({
      ...who,
      fingerprint,
      scopeType: "fingerprint",
      scopeKey: fingerprint,
    });
    expect(bindingOf(facts, BY_CLASS)).toEqual({
      ...who,
      fingerprint,
      scopeType: "class",
      scopeKey: "payments.refund|payment://shop.example.com/orders/1",
    });
  });
});
