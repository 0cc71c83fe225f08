import type { Digest } from "../encoding/mod.ts";
import { ABSENT, type PrincipalMethod, REJECTED } from "./method.ts";
import { isName, SignatureVerifier } from "./secrets.ts";

const HEX_SIGNATURE = /^[0-9a-fA-F]{64}$/;

/** `X-Nomos-Service-Id` with `X-Nomos-Service-Signature`: the principal is the service. */
export function serviceHmacMethod(
  secrets: Readonly<Record<string, string>>,
  digest: Digest,
): PrincipalMethod {
  const verifier = new SignatureVerifier(secrets, digest);
  return {
    name: "service_hmac",
    reads: "service",
    claim({ evidence: { serviceId, serviceSignature }, signed }) {
      if (serviceId === undefined && serviceSignature === undefined) return ABSENT;
      if (!isName(serviceId) || serviceSignature === undefined || signed === undefined) {
        return REJECTED;
      }
      if (!HEX_SIGNATURE.test(serviceSignature)) return REJECTED;
      return verifier.verify(serviceId, serviceSignature.toLowerCase(), signed)
        ? { state: "verified", principal: serviceId }
        : REJECTED;
    },
  };
}
