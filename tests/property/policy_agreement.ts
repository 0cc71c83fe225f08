import fc from "fast-check";
import { expect } from "vitest";
import { actionArbitrary, rulesArbitrary } from "./policy_arbitrary.ts";
import { factsOf, load, optionsOf } from "./policy_subject.ts";
import { refer } from "./reference_evaluator.ts";

const ACTIONS_PER_BUNDLE = 50;

/**
 * Checks generated pairs of a bundle and an action against the reference evaluator, with index and without.
 *
 * @param pairs how many
 * @returns how often each reason was given, so that a test can tell whether the vocabulary bites
 */
export async function checkAgreement(pairs: number): Promise<ReadonlyMap<string, number>> {
  const reasons = new Map<string, number>();
  const actions = fc.array(actionArbitrary, {
    minLength: ACTIONS_PER_BUNDLE,
    maxLength: ACTIONS_PER_BUNDLE,
  });
  await fc.assert(
    fc.asyncProperty(rulesArbitrary, actions, async (rules, asked) => {
      const indexed = await load(rules, { index: true });
      const linear = await load(rules, { index: false });
      for (const action of asked) {
        const facts = factsOf(action);
        const wanted = refer(rules, action);
        for (const policy of [indexed, linear]) {
          const decision = policy.evaluate(facts, optionsOf(action));
          expect({ reason: decision.reason, rules: decision.rules }).toEqual(wanted);
        }
        reasons.set(wanted.reason, (reasons.get(wanted.reason) ?? 0) + 1);
      }
    }),
    { numRuns: Math.ceil(pairs / ACTIONS_PER_BUNDLE) },
  );
  return reasons;
}
