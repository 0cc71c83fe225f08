import type { Digest } from "../encoding/mod.ts";
import type { Presented } from "./method.ts";
import { isName, SignatureVerifier } from "./secrets.ts";

/** What a request proves about its agent. */
export type AgentClaim =
  | { readonly state: "absent" | "rejected" }
  | { readonly state: "verified"; readonly agent: string };

const LOWER_HEX_SIGNATURE = /^[0-9a-f]{64}$/;

/** `X-Nomos-Agent-Id` with `X-Nomos-Agent-Signature`, 64 lower-case hex digits. */
export function agentHmac(
  secrets: Readonly<Record<string, string>>,
  digest: Digest,
): (presented: Presented) => AgentClaim {
  const verifier = new SignatureVerifier(secrets, digest);
  return ({ evidence: { agentId, agentSignature }, signed }) => {
    if (agentId === undefined && agentSignature === undefined) return { state: "absent" };
    if (!isName(agentId) || agentSignature === undefined || signed === undefined) {
      return { state: "rejected" };
    }
    return LOWER_HEX_SIGNATURE.test(agentSignature) &&
        verifier.verify(agentId, agentSignature, signed)
      ? { state: "verified", agent: agentId }
      : { state: "rejected" };
  };
}
