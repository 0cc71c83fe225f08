import { fail, ok, type Result } from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";
import { type AgentClaim, agentHmac } from "./agent_hmac.ts";
import type { Evidence } from "./evidence.ts";
import type { Claim, Presented, PrincipalMethod } from "./method.ts";
import { NonceMemory } from "./nonce_memory.ts";
import { principalMethods } from "./registry.ts";
import type { IdentityPorts, IdentitySettings } from "./settings.ts";
import { signedRequest } from "./signed_request.ts";
import { VerifiedIdentity } from "./verified_identity.ts";

/**
 * What a door asks of the agent: `required`; `optional`, where the identity names the agent if it proved itself; or
 * `none`, where the identity has no agent. A presented agent signature that fails refuses in every case.
 */
export type AgentDemand = "required" | "optional" | "none";

/** Finds out who sent a request. */
export interface Authenticator {
  /**
   * Checks every credential the request carries. One that fails, or two that name different principals, refuse the
   * request, even if another would have passed.
   *
   * @param evidence what the request carries
   * @param body its exact bytes, as they were signed
   * @returns `auth_error`, whose message never says what failed; `metadata.auth_failure` says it to the audit
   */
  authenticate(
    evidence: Evidence,
    body: Uint8Array,
    options: { readonly agent: AgentDemand },
  ): Promise<Result<VerifiedIdentity, Refusal>>;
}

/** What was wrong, for the audit only. */
export type AuthFailure =
  | "principal_missing"
  | "principal_rejected"
  | "principals_disagree"
  | "agent_missing"
  | "agent_rejected"
  /** A signature without the timestamp and nonce it must cover, or with malformed ones. */
  | "stamp_missing"
  | "timestamp_outside_window"
  | "nonce_reused"
  | "nonce_memory_full";

/** Builds the authenticator of an installation. Its memory of nonces lives as long as it does. */
export function createAuthenticator(
  settings: IdentitySettings,
  ports: IdentityPorts,
): Authenticator {
  return new CredentialAuthenticator(settings, ports);
}

interface Proven {
  readonly principal: string;
  readonly method: PrincipalMethod["name"];
}

class CredentialAuthenticator implements Authenticator {
  readonly #environment: string;
  readonly #stampRequired: boolean;
  readonly #methods: readonly PrincipalMethod[];
  readonly #agent: (presented: Presented) => AgentClaim;
  readonly #nonces: NonceMemory;
  readonly #clock: IdentityPorts["clock"];

  constructor(settings: IdentitySettings, ports: IdentityPorts) {
    this.#environment = settings.environment;
    this.#stampRequired = settings.requireRequestNonce ?? false;
    this.#methods = principalMethods(settings, ports);
    this.#agent = agentHmac(settings.agentSecrets, ports.digest);
    this.#nonces = new NonceMemory(settings.maxNoncesPerSigner ?? 200_000);
    this.#clock = ports.clock;
  }

  async authenticate(
    evidence: Evidence,
    body: Uint8Array,
    options: { readonly agent: AgentDemand },
  ): Promise<Result<VerifiedIdentity, Refusal>> {
    const signed = signedRequest(evidence, body, this.#stampRequired);
    const presented: Presented = { evidence, signed: signed.bytes };
    // Both halves are judged in full before either answer is looked at: time does not tell which one failed.
    const claims = await this.#principalClaims(presented);
    const agent = this.#agent(presented);
    const signers = signersOf(evidence);
    if (signed.bytes === undefined && signers.length > 0) return fail(refusal("stamp_missing"));
    const principal = agree(this.#methods, claims);
    if (!principal.ok) return fail(refusal(principal.reason));
    if (agent.state === "rejected") return fail(refusal("agent_rejected"));
    if (agent.state === "absent" && options.agent === "required") {
      return fail(refusal("agent_missing"));
    }
    // Signatures are valid here, so only those who may sign can use up nonces.
    const flaw = signed.stamp && signers.length > 0
      ? this.#nonces.use(signed.stamp, signers, this.#clock.now())
      : undefined;
    if (flaw !== undefined) return fail(refusal(flaw));
    return ok(
      new VerifiedIdentity({
        principal: principal.value.principal,
        agent: agent.state === "verified" && options.agent !== "none" ? agent.agent : "",
        environment: this.#environment,
        method: principal.value.method,
      }),
    );
  }

  async #principalClaims(presented: Presented): Promise<readonly Claim[]> {
    const claims: Claim[] = [];
    for (const method of this.#methods) {
      const claim = method.claim(presented);
      claims.push(claim instanceof Promise ? await claim : claim);
    }
    return claims;
  }
}

/** Whoever signed: a nonce belongs to each of them, whatever other credential comes along next time. */
function signersOf({ agentId, serviceId }: Evidence): string[] {
  const signers: string[] = [];
  if (agentId !== undefined) signers.push(`agent ${agentId}`);
  if (serviceId !== undefined) signers.push(`service ${serviceId}`);
  return signers;
}

/** One principal that every presented credential proves. */
function agree(
  methods: readonly PrincipalMethod[],
  claims: readonly Claim[],
): Result<Proven, AuthFailure> {
  const verified = new Set<PrincipalMethod["reads"]>();
  const rejected = new Set<PrincipalMethod["reads"]>();
  let proven: Proven | undefined;
  let disagree = false;
  methods.forEach((method, i) => {
    const claim = claims[i];
    if (claim?.state === "rejected") rejected.add(method.reads);
    if (claim?.state !== "verified") return;
    verified.add(method.reads);
    proven ??= { principal: claim.principal, method: method.name };
    disagree ||= proven.principal !== claim.principal;
  });
  for (const part of rejected) if (!verified.has(part)) return fail("principal_rejected");
  if (disagree) return fail("principals_disagree");
  return proven === undefined ? fail("principal_missing") : ok(proven);
}

function refusal(failure: AuthFailure): Refusal {
  return refuse(
    "auth_error",
    "Cannot accept the request: who sends it is not proven, expected valid credentials",
    { metadata: { auth_failure: failure } },
  );
}
