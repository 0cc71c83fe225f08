import type { JsonObject } from "../../encoding/mod.ts";
import { CONDITIONS } from "../../policy/mod.ts";
import { hash, list, object, obligations, text, words } from "./common.ts";
import { wordsOf } from "./response.ts";

const DECISIONS = ["ALLOW", "DENY", "REQUIRE_APPROVAL"];
const reason = words("Why.", wordsOf("decision"));
const ruleId = text("The rule's id.");
const flags: JsonObject = {
  type: "object",
  description: "Booleans only: nothing of the request is repeated.",
  additionalProperties: { type: "boolean" },
};

const bundleInput = object("A bundle of a merged policy.", {
  path: text("As the operator named it."),
  hash: hash("Of the bundle alone."),
  role: words("What the bundle is for.", ["baseline", "org", "repo", "env", "local_override"]),
}, ["path", "hash"]);

const execAuthorization = object("How the rules limit the command.", {
  condition_class: words("In which of the ways.", [
    "none",
    "argv_pattern_match",
    "legacy_prefix_allowlist",
    "mixed_exec_models",
  ]),
  runtime_enforcement_hint: words("What that means when it runs.", [
    "policy_only",
    "derived_exec_constraints",
    "legacy_exec_allowlist_fallback",
    "conflict",
  ]),
  compatibility_mode: words("policy.exec_compatibility_mode.", [
    "legacy_allowlist_fallback",
    "strict",
  ]),
  conflict: { type: "boolean", description: "Both ways are mixed, which denies." },
}, ["condition_class", "runtime_enforcement_hint", "compatibility_mode", "conflict"]);

const provenance = object("A rule that matched.", {
  rule_id: ruleId,
  decision: words("What the rule says.", DECISIONS),
  bundle_source: text("The bundle's path, #, and its hash."),
}, ["rule_id", "decision", "bundle_source"]);

const denyRule = object("A rule that denies.", {
  rule_id: ruleId,
  reason_code: { const: "deny_by_rule" },
  matched_conditions: flags,
  bundle_source: text("The bundle's path, #, and its hash; only of several bundles."),
}, ["rule_id", "reason_code", "matched_conditions"]);

const whyDenied = object("Why the action may not simply run.", {
  reason_code: reason,
  deny_rules: list("Rules that deny it.", denyRule),
  matched_conditions: flags,
  remediation_hint: text("For people."),
}, ["reason_code", "deny_rules", "matched_conditions", "remediation_hint"]);

const nearMiss = object("A rule that failed on exactly one condition.", {
  rule_id: ruleId,
  decision: words("What the rule says.", DECISIONS),
  condition: words("The condition it failed on.", CONDITIONS.map(({ name }) => name)),
  location: text("The file, and the line where it is known."),
  hint: text("For people."),
}, ["rule_id", "decision", "condition", "location", "hint"]);

/** The answer of `POST /explain`, and of `nomos explain`. */
export const explanationSchema: JsonObject = {
  title: "Nomos explanation v1",
  ...object(
    "What would be decided and why. Members that do not apply are absent.",
    {
      decision: words("What would be decided.", DECISIONS),
      reason_code: reason,
      matched_rule_ids: list("Ids of the rules that decide, sorted.", { type: "string" }),
      policy_bundle_hash: hash("Of the policy."),
      policy_bundle_sources: list("Its bundles, when it has several.", { type: "string" }),
      policy_bundle_inputs: list("Its bundles with their hashes.", bundleInput),
      engine_version: text("Version of Nomos."),
      assurance_level: words("How far the installation's evidence reaches.", [
        "STRONG",
        "GUARDED",
        "BEST_EFFORT",
        "NONE",
      ]),
      obligations_preview: obligations,
      exec_authorization: execAuthorization,
      matched_rule_provenance: list("Every rule that matched.", provenance),
      why_denied: whyDenied,
      minimal_allowing_change: text("One safe change that would let the action through."),
      near_misses: list("At most five rules that nearly matched.", nearMiss),
      runtime_checks: list("What only the world can tell, by name.", { type: "string" }),
    },
    [
      "decision",
      "reason_code",
      "matched_rule_ids",
      "policy_bundle_hash",
      "engine_version",
      "assurance_level",
      "obligations_preview",
      "runtime_checks",
    ],
  ),
};
