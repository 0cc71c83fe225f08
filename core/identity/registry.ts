import { apiKeyMethod } from "./api_key.ts";
import type { PrincipalMethod } from "./method.ts";
import { serviceHmacMethod } from "./service_hmac.ts";
import type { IdentityPorts, IdentitySettings } from "./settings.ts";

/**
 * The ways to prove a principal, in the order in which they name it when several prove the same one.
 */
export function principalMethods(
  settings: IdentitySettings,
  ports: IdentityPorts,
): readonly PrincipalMethod[] {
  return [
    apiKeyMethod(settings.apiKeys, ports.digest),
    serviceHmacMethod(settings.serviceSecrets, ports.digest),
  ];
}
