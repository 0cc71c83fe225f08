import fc from "fast-check";
import { expect, it } from "vitest";
import { explanationOf } from "../../core/explain/mod.ts";
import { arrivalOf, snapshotOf, testWorld } from "../support/engine.ts";
import { actionArbitrary, rulesArbitrary, toJsonText } from "./policy_arbitrary.ts";
import { load } from "./policy_subject.ts";
import type { PlainAction } from "./reference_evaluator.ts";

const ACTIONS_PER_BUNDLE = 50;
const PAIRS = 20_000;

/** A request as the agent would send it; params only as its type takes them, so that policy gets to speak. */
function documentOf(action: PlainAction, id: number): string {
  const custom = action.type === "payments.refund";
  const exec = action.type === "process.exec";
  const params = custom
    ? action.params
    : exec
    ? { argv: [...(action.argv ?? ["git"])] }
    : paramsFor(action);
  return toJsonText({
    schema_version: "v1",
    action_id: `act_${id}`,
    action_type: action.type,
    resource: action.resource,
    params,
    trace_id: `trace_${id}`,
    context: {},
  });
}

function paramsFor(action: PlainAction): { [name: string]: string } {
  if (action.type === "fs.write") return { content: "new" };
  if (action.type === "repo.apply_patch") return { path: "src/a.ts", content: "new" };
  return {};
}

it("explains 20,000 generated pairs of bundle and action as it decides them when they run", async () => {
  const seen = new Map<string, number>();
  const actions = fc.array(actionArbitrary, {
    minLength: ACTIONS_PER_BUNDLE,
    maxLength: ACTIONS_PER_BUNDLE,
  });
  await fc.assert(
    fc.asyncProperty(rulesArbitrary, actions, async (rules, asked) => {
      const policy = await load(rules, { index: true });
      const world = await testWorld(policy);
      for (const [i, action] of asked.entries()) {
        Object.assign(world.who, {
          principal: action.principal,
          agent: action.agent,
          environment: action.environment,
        });
        world.clock.wallMs = action.nowMs;
        world.engine.swap(snapshotOf(policy, { caseInsensitive: action.foldCase }));
        const body = documentOf(action, i);
        const explained = await world.engine.explain(arrivalOf(body));
        const ran = await world.engine.run(arrivalOf(body));
        if (!explained.ok) {
          expect(explained.reason.body).toEqual(ran.body);
          continue;
        }
        const { decision, reason_code, matched_rule_ids, obligations_preview } = explanationOf(
          explained.value,
        );
        const recorded = decisionOnRecord(world.storage.streams.stdout, `act_${i}`);
        expect(
          { decision, reason_code, matched_rule_ids },
          `${toJsonText(rules)}\n${body}`,
        ).toEqual({
          decision: recorded["decision"],
          reason_code: recorded["reason"],
          matched_rule_ids: recorded["matched_rule_ids"] ?? [],
        });
        if (decision !== "DENY" && recorded["obligations"] !== undefined) {
          expect(JSON.parse(JSON.stringify(recorded["obligations"]))).toEqual(
            JSON.parse(JSON.stringify(obligations_preview)),
          );
        }
        seen.set(String(reason_code), (seen.get(String(reason_code)) ?? 0) + 1);
      }
    }),
    { numRuns: PAIRS / ACTIONS_PER_BUNDLE },
  );
  for (
    const reason of ["allow_by_rule", "deny_by_rule", "require_approval_by_rule", "deny_by_default"]
  ) {
    expect(seen.get(reason) ?? 0, reason).toBeGreaterThan(300);
  }
});

function decisionOnRecord(log: string, actionId: string): Record<string, unknown> {
  const mark = `"action_id":"${actionId}"`;
  const line = log.split("\n").findLast((text) =>
    text.includes(mark) && text.includes('"event_type":"action.decision"')
  );
  if (line === undefined) throw new Error(`nothing on record of ${actionId}`);
  return JSON.parse(line);
}
