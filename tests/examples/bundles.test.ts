import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { OBLIGATIONS } from "../../core/obligations/mod.ts";
import { bundleJsonSchema } from "../../core/policy/mod.ts";
import { EXAMPLES, listExamples, loadBundles } from "./support/examples.ts";

/** A hash that moves means that decisions of recorded audits can no longer be traced to these bundles. */
const HASHES: Readonly<Record<string, string>> = {
  "policies/all-fields.json": "37bc09488da0a49f5bda0cc107139b46abdc6844edf8d3bb1c254a69c65d09c6",
  "policies/all-fields.yaml": "37bc09488da0a49f5bda0cc107139b46abdc6844edf8d3bb1c254a69c65d09c6",
  "policies/layered/baseline.yaml":
    "50c21d7877f5c4c02cd8a8f798688d9ea35f8890471abbb0dcf117e303c7977d",
  "policies/layered/env.yaml": "a52118238dbf14b4d9bfbd8b6458aa10d2d426e5e93415e0f6e740100e0173f6",
  "policies/layered/local_override.yaml":
    "69ad086ac65d5925e142ffa1d6787bd23b12b7d7d3eca0f3bb62dce04b8a78a9",
  "policies/layered/org.yaml": "39d00a2a60b941240dea537df1425ecab2192023ab23349245af14a98620f002",
  "policies/layered/repo.yaml": "44f6afa0f2f4b1dd7a32cc707a4d859b69912f7fab41892d63d70a2849473f0d",
  "policies/payments.yaml": "a4b148ceb54702a066446085f180af6be2efd02635a00ec2537989bf4391e311",
  "policies/safe.json": "59e8a95038408744348bbb605e1f0c73ed61127aaa703b7c28231c986f53d4cd",
  "policies/safe.yaml": "59e8a95038408744348bbb605e1f0c73ed61127aaa703b7c28231c986f53d4cd",
  "policies/sandboxed-tests.yaml":
    "e40ce742d3e48af37eeaed9a843f16345b312b1dd2266c9271590144aee8cecf",
};

const LAYERS = ["baseline", "org", "repo", "env", "local_override"].map((layer) =>
  `policies/layered/${layer}.yaml`
);

describe("the bundles of the examples", () => {
  it("are all pinned here", () => {
    expect(Object.keys(HASHES)).toEqual(listExamples("policies", /\.(?:ya?ml|json)$/));
  });

  it.each(Object.entries(HASHES))("%s loads and has its hash", async (path, hash) => {
    const { policy } = await loadBundles([path]);
    expect(policy.provenance.hash).toBe(hash);
  });

  it("merge in the order of their layers", async () => {
    const { policy } = await loadBundles(LAYERS);
    expect(policy.provenance.hash).toBe(
      "104bd04ec6fbad8e9553797deef1137c0cadae612638cc7fb69b119876cee22c",
    );
    const other = await loadBundles(LAYERS.toReversed());
    expect(other.policy.provenance.hash).not.toBe(policy.provenance.hash);
  });

  it.each(["safe", "all-fields"])("%s says the same in YAML and in JSON", (name) => {
    const read = (ending: string) =>
      readFileSync(join(EXAMPLES, "policies", `${name}.${ending}`), "utf8");
    expect(JSON.parse(read("json"))).toEqual(parse(read("yaml")));
    expect(HASHES[`policies/${name}.json`]).toBe(HASHES[`policies/${name}.yaml`]);
  });
});

describe("the bundle of all fields", () => {
  const { rules } = JSON.parse(readFileSync(join(EXAMPLES, "policies/all-fields.json"), "utf8"));

  it("has every member that a rule may have", () => {
    const used = new Set<string>(rules.flatMap((rule: object) => Object.keys(rule)));
    expect([...used].sort()).toEqual(membersOfRules().sort());
  });

  it("has every obligation", () => {
    const used = new Set<string>(
      rules.flatMap(({ obligations = {} }: { obligations?: object }) => Object.keys(obligations)),
    );
    for (const { name, schema } of OBLIGATIONS) {
      if (schema !== undefined && name !== "extras") expect(used).toContain(name);
    }
    expect([...used].some((name) => name.startsWith("x_"))).toBe(true);
  });

  it("has every test of parameters", () => {
    const text = JSON.stringify(rules);
    for (const test of ["equals", "in", "present", "prefix", "matches", "lt", "lte", "gt", "gte"]) {
      expect(text).toContain(`"${test}":`);
    }
  });
});

function membersOfRules(): string[] {
  const schema: { properties: { rules: { items: { properties: object } } } } = JSON.parse(
    JSON.stringify(bundleJsonSchema()),
  );
  return Object.keys(schema.properties.rules.items.properties);
}
