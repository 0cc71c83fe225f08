import { consider, type Considered } from "../core/engine/consider.ts";
import { DEFAULT_EXECUTOR_SETTINGS } from "../core/engine/default_settings.ts";
import { type BundleSource, loadPolicy } from "../core/engine/load_policy.ts";
import { portableDigest } from "../core/encoding/hash.ts";
import type { DecisionBasis } from "../core/engine/snapshot.ts";
import type { AssertedDocument } from "../core/engine/submitted.ts";
import { BUILD } from "./build_info.ts";
import { type CommandContext, CommandFailure } from "./command.ts";
import { invalidInput, readAction, refusedInput } from "./policy_input.ts";

/** What an offline decision is made from. */
export interface OfflineRequest {
  readonly action: string;
  /** Bundles, merged in this order. */
  readonly bundles: readonly string[];
  /** A configuration whose settings decide too. */
  readonly config?: string | undefined;
}

/** Loads bundles as a basis for decisions, with the settings of a configuration when one is named. */
export async function offlineBasis(
  context: CommandContext,
  request: { readonly bundles: readonly string[]; readonly config?: string | undefined },
): Promise<DecisionBasis> {
  const { files } = context.adapters;
  if (request.config !== undefined) {
    const { configuredBasis } = await import("./configured_basis.ts");
    return await configuredBasis(context, request.config, request.bundles);
  }
  if (request.bundles.length === 0) {
    throw new CommandFailure(
      2,
      "VALIDATION_ERROR: no bundle given",
      "name one with --bundle, or a configuration with --config",
    );
  }
  const sources: BundleSource[] = request.bundles.map((path) => ({ path }));
  const policy = await loadPolicy(sources, { files, digest: portableDigest, index: false });
  if (!policy.ok) throw invalidInput(policy.reason);
  return {
    policy: policy.value,
    settings: DEFAULT_EXECUTOR_SETTINGS,
    caseInsensitive: false,
    protectedResources: new Set(),
    assurance: "NONE",
    engineVersion: BUILD.version,
    suggestions: true,
  };
}

/** Decides one action file: exactly what a gateway with this policy would decide, as far as it can know. */
export async function decideOffline(
  context: CommandContext,
  request: OfflineRequest,
): Promise<Considered> {
  const action = await readAction(context, request.action);
  const basis = await offlineBasis(context, request);
  const considered = considerDocument(action.document, basis, context);
  if (!considered.ok) throw await refusedInput(considered.reason, action);
  return considered.value;
}

/** Decides one document against a basis. */
export function considerDocument(
  document: AssertedDocument,
  basis: DecisionBasis,
  { adapters }: Pick<CommandContext, "adapters">,
): ReturnType<typeof consider> {
  const { principal, agent, environment } = document;
  return consider(document.submitted, basis, {
    identity: { principal, agent, environment, method: "asserted" },
    traceActionCount: document.traceActionCount,
    digest: portableDigest,
    nowMs: adapters.clock.now(),
  });
}

/** Fails with exit code 1, and says so, when the decision is not the expected one. */
export function expectDecision(
  { decision }: Considered,
  expected: string | undefined,
  { terminal }: Pick<CommandContext, "terminal">,
): 0 | 1 {
  if (expected === undefined || decision.verdict === expected) return 0;
  terminal.err(`expected ${expected}, decided ${decision.verdict}\n`);
  return 1;
}
