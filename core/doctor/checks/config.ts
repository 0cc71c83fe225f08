import { bundleFiles, unbuiltFeatures } from "../../config/mod.ts";
import { type Check, failure, judge, pass } from "../check.ts";
import { look } from "../disk.ts";

const ENVIRONMENTS = ["ci", "dev", "local", "prod", "staging", "test"];

/** Whether everything the config asks for exists in this version. */
export const featuresAvailable: Check = {
  id: "config.features_available",
  run({ config }) {
    const missing = unbuiltFeatures(config);
    if (missing.length === 0) return pass("every feature that is asked for exists");
    const names = missing.map(({ feature }) => feature).join(", ");
    const hints = missing.map(({ hint }) => hint).join("; ");
    return failure(`not in this version: ${names}`, hints);
  },
};

/** Whether the bundles' paths lead somewhere. */
export const bundlePathResolves: Check = {
  id: "config.bundle_path_resolves",
  async run({ config, adapters }) {
    const paths = bundleFiles(config).map(({ path }) => path);
    const stats = await Promise.all(paths.map((path) => look(adapters, path)));
    const lost = paths.filter((_, i) => stats[i] === undefined);
    return judge(lost.length === 0, {
      good: `bundle paths resolve: ${paths.join(", ")}`,
      bad: `bundle paths lead nowhere: ${lost.join(", ")}`,
      hint: "set policy.policy_bundle_path, --policy-bundle or NOMOS_POLICY_BUNDLE",
    });
  },
};

/** Whether the environment is one that people agree on. */
export const environmentRecognized: Check = {
  id: "config.environment_recognized",
  run({ config }) {
    return judge(isRecognized(config.identity.environment), {
      good: `the environment is ${config.identity.environment}`,
      bad: `the environment ${config.identity.environment} is not a usual one`,
      hint: `set identity.environment to one of ${ENVIRONMENTS.join(", ")}`,
    });
  },
};

/** Whether an environment's name is one of the usual ones. */
export function isRecognized(environment: string): boolean {
  return ENVIRONMENTS.includes(environment.toLowerCase());
}
