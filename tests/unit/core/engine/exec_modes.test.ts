import { describe, expect, it } from "vitest";
import { DEFAULT_EXECUTOR_SETTINGS } from "../../../../core/engine/mod.ts";
import type { RuntimeOffer } from "../../../../core/model/mod.ts";
import { load } from "../../../property/policy_subject.ts";
import type { PlainRule } from "../../../property/reference_evaluator.ts";
import { arrivalOf, testWorld } from "../../../support/engine.ts";

const OFFER: RuntimeOffer = {
  sandboxProfile: "local",
  sandbox: { available: true },
  execNetwork: false,
  execCompatibility: "legacy_allowlist_fallback",
};

const EXEC = JSON.stringify({
  schema_version: "v1",
  action_id: "act_1",
  action_type: "process.exec",
  resource: "file://workspace/",
  params: { argv: ["true"] },
  trace_id: "trace_1",
  context: {},
});

async function modesOf(offer: RuntimeOffer, obligations: PlainRule["obligations"]) {
  const made = await testWorld(
    await load([{
      id: "exec",
      action_type: "process.exec",
      resource: "file://workspace/**",
      decision: "ALLOW",
      obligations: obligations ?? {},
    }], { index: true }),
    { settings: { ...DEFAULT_EXECUTOR_SETTINGS, offer } },
  );
  await made.engine.run(arrivalOf(EXEC));
  const events = made.storage.streams.stdout.trim().split("\n").map((line) => JSON.parse(line));
  const completed = events.find((event) => event.event_type === "action.completed");
  return [completed.decision, completed.sandbox_mode, completed.network_mode];
}

describe("the record of a process", () => {
  const FALLBACK: RuntimeOffer = { ...OFFER, sandbox: { available: true, processLevel: true } };
  it.each<[string, RuntimeOffer, PlainRule["obligations"], unknown[]]>([
    ["a sandbox has none", OFFER, {}, ["ALLOW", "local", "deny"]],
    ["nothing confines it", { ...OFFER, sandboxProfile: "none" }, {}, ["ALLOW", "none", "open"]],
    ["a rule wants no sandbox", OFFER, { sandbox_mode: "none" }, ["ALLOW", "none", "open"]],
    ["process-level confinement stands in", FALLBACK, {}, ["ALLOW", "local", "open"]],
    ["the operator gives hosts to rules that name some", { ...OFFER, execNetwork: true }, {
      net_allowlist: ["example.com"],
    }, ["ALLOW", "local", "open"]],
    [
      "the operator gives hosts, and no rule names any",
      { ...OFFER, execNetwork: true },
      {},
      ["ALLOW", "local", "deny"],
    ],
  ])("says which network it had where %s", async (_, offer, obligations, wanted) => {
    expect(await modesOf(offer, obligations)).toEqual(wanted);
  });
});
