import * as z from "zod";
import { flag, keyNotes, path, requiredText, section, text } from "../keys.ts";

const secretByName = z.record(
  z.string().min(1),
  z.string().min(1).register(keyNotes, { secret: "value", lookup: true }),
);

const oidc = section("OIDC bearer tokens.", {
  enabled: flag("Accept them."),
  issuer: text("Expected issuer."),
  audience: text("Expected audience."),
  public_key_path: path("Public key of the issuer, PEM."),
});

const spiffe = section("SPIFFE ids of client certificates.", {
  enabled: flag("Accept them."),
  trust_domain: text("The one trust domain."),
});

/** `identity`: who Nomos is for, and how callers prove who they are. */
export const identity = section("Identities.", {
  principal: requiredText("The installation's own principal."),
  agent: requiredText("The installation's own agent."),
  environment: requiredText("The environment of every action, such as dev or prod."),
  api_keys: z.record(z.string().min(1), z.string().min(1)).register(keyNotes, {
    secret: "names",
    lookup: true,
  })
    .default({}).describe("API keys and their principals; a key may be env:NAME or file:/path."),
  service_secrets: secretByName.default({}).describe(
    "HMAC secrets of services by service id; env:NAME and file:/path are looked up.",
  ),
  agent_secrets: secretByName.default({}).describe(
    "HMAC secrets of agents by agent id; env:NAME and file:/path are looked up.",
  ),
  oidc,
  spiffe,
  require_request_nonce: flag("Refuse signed requests without timestamp and nonce."),
});
