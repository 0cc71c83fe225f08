import * as z from "zod";
import { choice, flag, list, milliseconds, path, section, text } from "../keys.ts";

const opa = section("Open Policy Agent, asked besides the bundle.", {
  enabled: flag("Ask OPA."),
  mode: choice(
    "`combine`: a deny of either wins; `replace`: OPA alone decides.",
    ["combine", "replace"],
    "combine",
  ),
  binary_path: text("The opa program."),
  policy_path: path("Rego policy or folder, given to opa as data."),
  query: text("Query whose one result is the decision."),
  url: text("Data API of a running OPA, instead of a program."),
  timeout_ms: milliseconds("How long OPA may take.", 2000),
});

/** `policy`: what decides. */
export const policy = section("Policy bundles and how they are read.", {
  policy_bundle_path: path("The policy bundle. Set this or policy_bundle_paths."),
  policy_bundle_paths: list("Several bundles, merged in this order.", [], { path: "path" }),
  policy_bundle_roles: z.array(z.enum(["baseline", "org", "repo", "env", "local_override"]))
    .default([]).describe("What each bundle is for, one for each path."),
  verify_signatures: flag("Refuse bundles without a valid detached signature."),
  signature_path: path("Signature of the one bundle."),
  signature_paths: list("Signatures, one for each bundle.", [], { path: "path" }),
  public_key_path: path("Public key of the signatures, PEM."),
  exec_compatibility_mode: choice(
    "`strict` refuses bundles that still use exec_allowlist.",
    ["legacy_allowlist_fallback", "strict"],
    "legacy_allowlist_fallback",
  ),
  explain_suggestions: flag("Let explanations suggest the smallest change that would allow.", true),
  opa,
});

/** `redaction`: what else must not come back. */
export const redaction = section("Redaction of output.", {
  patterns: list("Further patterns to redact, in RE2 syntax."),
});
