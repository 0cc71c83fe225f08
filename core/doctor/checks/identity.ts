import { type Check, judge } from "../check.ts";
import { isRecognized } from "./config.ts";

/** Whether a principal can be proven. */
export const authModeValid: Check = {
  id: "identity.auth_mode_valid",
  run({ config: { identity } }) {
    const ways = [
      ...Object.keys(identity.api_keys).length > 0 ? ["API keys"] : [],
      ...Object.keys(identity.service_secrets).length > 0 ? ["service signatures"] : [],
      ...identity.oidc.enabled ? ["OIDC"] : [],
      ...identity.spiffe.enabled ? ["SPIFFE"] : [],
    ];
    return judge(ways.length > 0, {
      good: `principals are proven by ${ways.join(", ")}`,
      bad: "no way to prove a principal is configured",
      hint: "set identity.api_keys or identity.service_secrets",
    });
  },
};

/** Whether the installation's own agent can sign. */
export const requiredSecretsPresent: Check = {
  id: "identity.required_secrets_present",
  run({ config: { identity } }) {
    return judge(Object.hasOwn(identity.agent_secrets, identity.agent), {
      good: `the agent ${identity.agent} has a secret`,
      bad: `the agent ${identity.agent} has no secret`,
      hint: `add ${identity.agent} to identity.agent_secrets, or set NOMOS_IDENTITY_AGENT_SECRET`,
    });
  },
};

/** Whether every action gets a meaningful environment. */
export const environmentDerivation: Check = {
  id: "identity.environment_derivation",
  run({ config: { identity } }) {
    return judge(isRecognized(identity.environment), {
      good: `every action gets the environment ${identity.environment} from the config`,
      bad: `actions would get the environment ${identity.environment}, which no rule may expect`,
      hint: "set identity.environment to a usual one",
    });
  },
};
