import type { Config } from "../../config/mod.ts";
import { type Check, pass, warn } from "../check.ts";
import { look } from "../disk.ts";

/** Below this many characters a secret can be guessed. */
const MIN_LENGTH = 16;

/** What stands in examples, and what people type for the time being. */
const KNOWN =
  /^(dev|demo|test|example|sample|quickstart)[-_]|replace|change[-_ ]?me|password|^\$\{/i;

/** Permission bits that let others read. */
const OTHERS_READ = 0o004;

/** Whether the secrets of callers could be guessed or read by others. */
export const secretsStrength: Check = {
  id: "identity.secrets_strength",
  async run({ config, loaded, adapters }) {
    const named = secretsOf(config);
    const flaws = named.flatMap(({ name, secret }) => flawsOf(name, secret));
    if (new Set(named.map(({ secret }) => secret)).size < named.length) {
      flaws.push("one secret is used twice");
    }
    for (const path of loaded.secretFiles) {
      const stat = await look(adapters, path);
      const isOpen = stat !== undefined && (stat.mode & OTHERS_READ) !== 0;
      if (isOpen) flaws.push(`everybody on this machine can read ${path}`);
    }
    if (flaws.length === 0) return pass("secrets are long and known to nobody else");
    const hint =
      "use random secrets of 32 characters or more, such as from openssl rand -hex 32, " +
      "as env:NAME or in a file of mode 0600";
    return warn(flaws.join("; "), hint);
  },
};

interface NamedSecret {
  /** Says which secret it is without telling it. */
  readonly name: string;
  readonly secret: string;
}

function secretsOf({ identity, approvals }: Config): readonly NamedSecret[] {
  const token = approvals.enabled ? approvals.webhook_token : undefined;
  return [
    ...Object.entries(identity.api_keys)
      .map(([secret, principal]) => ({ name: `an API key of ${principal}`, secret })),
    ...Object.entries(identity.service_secrets)
      .map(([id, secret]) => ({ name: `the secret of service ${id}`, secret })),
    ...Object.entries(identity.agent_secrets)
      .map(([id, secret]) => ({ name: `the secret of agent ${id}`, secret })),
    ...token === undefined ? [] : [{ name: "approvals.webhook_token", secret: token }],
  ];
}

function flawsOf(name: string, secret: string): string[] {
  if (KNOWN.test(secret)) return [`${name} is a known example`];
  return secret.length < MIN_LENGTH ? [`${name} is short`] : [];
}
