import type { Digest } from "../encoding/mod.ts";
import type { Clock } from "../ports/mod.ts";

/** Who may prove to be whom. Names are keys, secrets are values; for API keys the key itself is the key. */
export interface IdentitySettings {
  /** The installation's environment; never taken from a request. */
  readonly environment: string;
  /** API key → principal. */
  readonly apiKeys: Readonly<Record<string, string>>;
  /** Service id → secret; the id is the principal. */
  readonly serviceSecrets: Readonly<Record<string, string>>;
  /** Agent id → secret. */
  readonly agentSecrets: Readonly<Record<string, string>>;
  /** Whether every signature must cover a timestamp and a nonce; default false. */
  readonly requireRequestNonce?: boolean;
  /** Nonces remembered for each signer; default 200,000. */
  readonly maxNoncesPerSigner?: number;
}

/** What authentication needs of the world. */
export interface IdentityPorts {
  readonly digest: Digest;
  readonly clock: Clock;
}
