import {
  fail,
  type JsonObject,
  ok,
  portableDigest,
  type Problem,
  type Result,
} from "../encoding/mod.ts";
import {
  consider,
  type Considered,
  type DecisionBasis,
  decodeActionFile,
  DEFAULT_EXECUTOR_SETTINGS,
} from "../engine/mod.ts";
import { explanationOf } from "../explain/mod.ts";
import { meaningOf, type Verdict } from "../model/mod.ts";
import { compileBundle, type CompiledPolicy, mergeBundles, parseBundle } from "../policy/mod.ts";

/** One policy bundle as text or bytes, with the name that problems and explanations call it by. */
export interface BundleText {
  /** Tells the format by its ending: `.yaml`, `.yml` or `.json`. */
  readonly name: string;
  /** The file's content. */
  readonly content: string | Uint8Array;
}

/** What policy says to one action. */
export interface Evaluation {
  /** The decision. */
  readonly decision: Verdict;
  /** Why: `allow_by_rule`, `deny_by_default`, … */
  readonly reason_code: string;
  /** Ids of the rules of the deciding class, sorted. */
  readonly matched_rule_ids: readonly string[];
  /** Hash of the bundle, or of the merge of several. */
  readonly policy_bundle_hash: string;
}

/** How an action is judged. */
export interface EvaluateOptions {
  /** Unix time in milliseconds, for rules that expire; the current time by default. */
  readonly nowMs?: number;
}

/** A policy that was loaded and is ready to decide. Immutable. */
export interface Bundle {
  /** Hash of the bundle, or of the merge of several: lower-case hex SHA-256. */
  readonly hash: string;
  /** Ids of all rules, sorted. */
  readonly ruleIds: readonly string[];
  /**
   * Decides one action document, as `nomos policy test` does.
   *
   * @param action the document with `principal`, `agent` and `environment`, as JSON text or bytes
   * @returns the decision, or every problem of the document
   */
  evaluate(
    action: string | Uint8Array,
    options?: EvaluateOptions,
  ): Result<Evaluation, readonly Problem[]>;
  /**
   * Explains one action document, as `nomos explain` does.
   *
   * @param action the document with `principal`, `agent` and `environment`, as JSON text or bytes
   * @returns the explanation, or every problem of the document
   */
  explain(
    action: string | Uint8Array,
    options?: EvaluateOptions,
  ): Result<JsonObject, readonly Problem[]>;
}

/**
 * Loads policy bundles, merged in the order given.
 *
 * @returns the bundle, or every problem with file, line and column
 *
 * @example
 * ```ts
 * const content = "version: v1\nrules:\n  - {id: r, action_type: fs.read, resource: 'file://workspace/**', decision: ALLOW}\n";
 * const bundle = await loadBundle([{ name: "policy.yaml", content }]);
 * if (bundle.ok) bundle.value.ruleIds; // ["r"]
 * ```
 */
export async function loadBundle(
  texts: readonly BundleText[],
): Promise<Result<Bundle, readonly Problem[]>> {
  const problems: Problem[] = [];
  const bundles = [];
  for (const { name, content } of texts) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const parsed = await parseBundle(bytes, { file: name });
    if (parsed.ok) bundles.push({ bundle: parsed.value });
    else problems.push(...parsed.reason);
  }
  if (problems.length > 0) return fail(problems);
  const merged = mergeBundles(bundles);
  return merged.ok ? ok(new LoadedBundle(compileBundle(merged.value))) : merged;
}

class LoadedBundle implements Bundle {
  readonly #policy: CompiledPolicy;

  constructor(policy: CompiledPolicy) {
    this.#policy = policy;
  }

  get hash(): string {
    return this.#policy.provenance.hash;
  }

  get ruleIds(): readonly string[] {
    return this.#policy.rules.map((rule) => rule.id);
  }

  evaluate(
    action: string | Uint8Array,
    options: EvaluateOptions = {},
  ): Result<Evaluation, readonly Problem[]> {
    const considered = this.#consider(action, options);
    if (!considered.ok) return considered;
    const { decision } = considered.value;
    return ok({
      decision: decision.verdict,
      reason_code: meaningOf(decision.reason).wire,
      matched_rule_ids: decision.rules,
      policy_bundle_hash: decision.provenance.hash,
    });
  }

  explain(
    action: string | Uint8Array,
    options: EvaluateOptions = {},
  ): Result<JsonObject, readonly Problem[]> {
    const considered = this.#consider(action, options);
    return considered.ok ? ok(explanationOf(considered.value)) : considered;
  }

  #consider(
    action: string | Uint8Array,
    options: EvaluateOptions,
  ): Result<Considered, readonly Problem[]> {
    const bytes = typeof action === "string" ? new TextEncoder().encode(action) : action;
    const document = decodeActionFile(bytes, { file: "action" });
    if (!document.ok) return fail(document.reason.problems ?? []);
    const { submitted, principal, agent, environment, traceActionCount } = document.value;
    const considered = consider(submitted, basisOf(this.#policy), {
      identity: { principal, agent, environment, method: "asserted" },
      traceActionCount,
      digest: portableDigest,
      nowMs: options.nowMs ?? Date.now(),
    });
    if (considered.ok) return considered;
    const { problems, message } = considered.reason;
    return fail(problems ?? [{ pointer: "", message }]);
  }
}

function basisOf(policy: CompiledPolicy): DecisionBasis {
  return {
    policy,
    settings: DEFAULT_EXECUTOR_SETTINGS,
    caseInsensitive: false,
    protectedResources: NOTHING,
    assurance: "NONE",
    engineVersion: "library",
    suggestions: true,
  };
}

const NOTHING: ReadonlySet<string> = new Set();
