import { bundleFiles } from "../../config/mod.ts";
import { formatProblem } from "../../encoding/mod.ts";
import type { ActionFacts } from "../../model/mod.ts";
import { legacyExecRules, lintRules } from "../../policy/mod.ts";
import { type Check, failure, type Inspection, judge, pass, warn } from "../check.ts";
import { look } from "../disk.ts";

const FIX_BUNDLE = "fix what policy.bundle_parses names";

/** Whether the bundles are there. */
export const bundleExists: Check = {
  id: "policy.bundle_exists",
  async run({ config, adapters }) {
    const paths = bundleFiles(config).map(({ path }) => path);
    const stats = await Promise.all(paths.map((path) => look(adapters, path)));
    const lost = paths.filter((_, i) => stats[i]?.kind !== "file");
    return judge(lost.length === 0, {
      good: paths.length === 1 ? "the bundle exists" : `all ${paths.length} bundles exist`,
      bad: `no such file: ${lost.join(", ")}`,
      hint: "make the bundle, or correct its path",
    });
  },
};

/** Whether the bundles are valid, and signed where signatures are verified. */
export const bundleParses: Check = {
  id: "policy.bundle_parses",
  run({ policy }) {
    if (policy.ok) return pass(`the policy has ${counted(policy.value.rules.length, "rule")}`);
    const problems = policy.reason.map(formatProblem);
    return failure(problems.join("; "), "correct the bundle, then run nomos doctor again");
  },
};

/** Whether the policy has a hash, and which. */
export const bundleHash: Check = {
  id: "policy.bundle_hash",
  run({ policy }) {
    if (!policy.ok) return failure("there is no policy to hash", FIX_BUNDLE);
    return pass(`the policy's hash is ${policy.value.provenance.hash}`);
  },
};

/** Whether what no rule speaks of is denied. */
export const denyByDefault: Check = {
  id: "policy.deny_by_default_probe",
  run(inspection) {
    const { policy } = inspection;
    if (!policy.ok) return failure("there is no policy to ask", FIX_BUNDLE);
    const nowMs = inspection.adapters.clock.now();
    const decision = policy.value.evaluate(probe(inspection), { nowMs, caseInsensitive: false });
    if (decision.verdict === "DENY") return pass("an action that no rule speaks of is denied");
    const rules = decision.rules.join(", ");
    return failure(
      `an action that nobody foresaw is answered ${decision.verdict} by ${rules}`,
      "narrow the rule: name its action types and resources",
    );
  },
};

/** An action that no sensible rule speaks of. */
function probe({ config, adapters }: Inspection): ActionFacts {
  const { principal, agent, environment } = config.identity;
  return {
    id: "doctor_probe",
    traceId: "doctor_probe",
    type: "doctor.unmatched",
    resource: "file://workspace/__doctor_probe__",
    params: {},
    paramsHash: adapters.digest.sha256Hex("{}"),
    facets: {},
    riskFlags: [],
    riskLevel: "low",
    identity: { principal, agent, environment, method: "configured" },
  };
}

/** Whether the rules use the exec model that the config demands. */
export const execCompatibility: Check = {
  id: "policy.exec_compatibility",
  run({ config, policy }) {
    const mode = config.policy.exec_compatibility_mode;
    if (!policy.ok) return failure("there is no policy to look at", FIX_BUNDLE);
    const legacy = legacyExecRules(policy.value).map(({ id }) => id);
    return judge(mode !== "strict" || legacy.length === 0, {
      good: `exec rules fit exec_compatibility_mode ${mode}`,
      bad: `exec_compatibility_mode is strict, and exec_allowlist is used by ${legacy.join(", ")}`,
      hint: "write the rules with exec_match, or use legacy_allowlist_fallback",
    });
  },
};

/** What rules look like mistakes. */
export const lint: Check = {
  id: "policy.lint",
  run({ policy, adapters }) {
    if (!policy.ok) return failure("there is no policy to look at", FIX_BUNDLE);
    const findings = lintRules(policy.value.rules, { nowMs: adapters.clock.now() });
    if (findings.length === 0) return pass("no rule looks like a mistake");
    const said = findings.map(({ rule, message, file, position }) =>
      formatProblem({
        pointer: "",
        message: `rule ${rule} ${message}`,
        file,
        ...(position && { position }),
      })
    );
    return warn(said.join("; "), "correct or remove these rules");
  },
};

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
