import { describe, expect, it } from "vitest";
import { canonicalJson, portableDigest } from "../../../../core/encoding/mod.ts";
import { mergeBundles } from "../../../../core/policy/mod.ts";
import { bundleOf } from "./support.ts";

describe("merging bundles", () => {
  it("keeps the hash of a single bundle", async () => {
    const bundle = await bundleOf([{}], "a.json");
    const merged = mergeBundles([{ bundle }]);
    expect(merged.ok && merged.value.provenance).toEqual({
      hash: bundle.hash,
      sources: [`a.json#${bundle.hash}`],
      inputs: [{ path: "a.json", hash: bundle.hash }],
    });
  });

  it("hashes the hashes in the order given", async () => {
    const a = await bundleOf([{ id: "a" }], "a.json");
    const b = await bundleOf([{ id: "b" }], "b.json");
    const hashOf = (...bundles: typeof a[]) => {
      const merged = mergeBundles(bundles.map((bundle) => ({ bundle })));
      return merged.ok ? merged.value.provenance.hash : merged.reason;
    };
    const wanted = portableDigest.sha256Hex(
      canonicalJson({
        bundle_hashes: [a.hash, b.hash],
        merge_algorithm_version: "nomos.policy.merge.v1",
      }),
    );
    expect(hashOf(a, b)).toBe(wanted);
    expect(hashOf(b, a)).not.toBe(wanted);
  });

  it("tells sources and roles in the order given", async () => {
    const a = await bundleOf([{ id: "a" }], "a.json");
    const b = await bundleOf([{ id: "b" }], "b.json");
    const merged = mergeBundles([{ bundle: b, role: "baseline" }, { bundle: a }]);
    expect(merged.ok && merged.value.provenance.sources).toEqual([
      `b.json#${b.hash}`,
      `a.json#${a.hash}`,
    ]);
    expect(merged.ok && merged.value.provenance.inputs[0]).toEqual({
      path: "b.json",
      hash: b.hash,
      role: "baseline",
    });
  });

  it("refuses every rule id that two bundles share, with both places", async () => {
    const a = await bundleOf([{ id: "x" }, { id: "y" }, { id: "z" }], "a.json");
    const b = await bundleOf([{ id: "y" }, { id: "z" }], "b.json");
    const merged = mergeBundles([{ bundle: a }, { bundle: b }]);
    const problems = merged.ok ? [] : merged.reason;
    expect(problems.map(({ file, pointer }) => [file, pointer])).toEqual([
      ["b.json", "/rules/0/id"],
      ["b.json", "/rules/1/id"],
    ]);
    expect(problems[0]?.message).toContain("a.json:1");
  });

  it("needs at least one bundle", () => {
    expect(mergeBundles([]).ok).toBe(false);
  });

  it.each<[string, Parameters<typeof mergeBundles>[1], boolean]>([
    ["dev, unmanaged", { environment: "dev", deploymentMode: "unmanaged" }, true],
    ["local, unmanaged", { environment: "local", deploymentMode: "unmanaged" }, true],
    ["dev, ci", { environment: "dev", deploymentMode: "ci" }, false],
    ["prod, unmanaged", { environment: "prod", deploymentMode: "unmanaged" }, false],
    ["nobody knows where", {}, false],
  ])("local_override in %s: %s", async (_, options, wanted) => {
    const bundle = await bundleOf([{}]);
    expect(mergeBundles([{ bundle, role: "local_override" }], options).ok).toBe(wanted);
    expect(mergeBundles([{ bundle, role: "org" }], options).ok).toBe(true);
  });
});
