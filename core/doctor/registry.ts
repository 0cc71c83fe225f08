import type { Check, CheckFamily } from "./check.ts";
import { approvalsStoreWritable, someoneCanDecide } from "./checks/approvals.ts";
import { auditSinkWritable } from "./checks/audit_sink.ts";
import { clockSane } from "./checks/clock.ts";
import { bundlePathResolves, environmentRecognized, featuresAvailable } from "./checks/config.ts";
import { evidenceChecks } from "./checks/evidence.ts";
import { certificateChecks, portFree } from "./checks/gateway.ts";
import { authModeValid, environmentDerivation, requiredSecretsPresent } from "./checks/identity.ts";
import { mcpEnabled, mcpStdio, mcpTransport, upstreamChecks } from "./checks/mcp.ts";
import { opaChecks } from "./checks/opa.ts";
import {
  bundleExists,
  bundleHash,
  bundleParses,
  denyByDefault,
  execCompatibility,
  lint,
} from "./checks/policy.ts";
import { sandboxAvailable } from "./checks/sandbox.ts";
import { secretsStrength } from "./checks/secrets_strength.ts";
import { strongChecks } from "./checks/strong.ts";
import { workspaceCanonicalizes, workspaceExists, workspaceNonEmpty } from "./checks/workspace.ts";

/** Checks of every installation, whatever its config says. */
export const CHECKS: readonly Check[] = [
  featuresAvailable,
  bundlePathResolves,
  environmentRecognized,
  bundleExists,
  bundleParses,
  bundleHash,
  denyByDefault,
  execCompatibility,
  lint,
  authModeValid,
  requiredSecretsPresent,
  environmentDerivation,
  secretsStrength,
  mcpEnabled,
  mcpTransport,
  mcpStdio,
  workspaceExists,
  workspaceCanonicalizes,
  workspaceNonEmpty,
  auditSinkWritable,
  approvalsStoreWritable,
  someoneCanDecide,
  portFree,
  sandboxAvailable,
  clockSane,
];

/** Checks that depend on what the config asks for. */
export const FAMILIES: readonly CheckFamily[] = [
  opaChecks,
  upstreamChecks,
  certificateChecks,
  strongChecks,
  evidenceChecks,
];
