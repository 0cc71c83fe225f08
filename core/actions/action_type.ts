import type { JsonObject, Problem, Result } from "../encoding/mod.ts";
import type { ActionFacts, Claim, Facets, Refusal, RiskFlag } from "../model/mod.ts";
import type { ActionPorts, ExecutorSettings } from "./ports.ts";
import type { Executed } from "./executed.ts";
import type { Permit } from "./permit.ts";

/** What an action type tells agents about itself as a tool. */
export interface ToolText {
  /** Advertised name, `nomos_fs_read`. */
  readonly name: string;
  /** Name agents already know, `read_file`. */
  readonly alias: string;
  readonly title: string;
  readonly description: string;
  readonly readOnly: boolean;
  readonly destructive: boolean;
  readonly openWorld: boolean;
}

/** Something of the world held from before the decision until the action ended. */
export interface Held<H> {
  /** The handle, or why there is none; told only after policy allowed. */
  readonly handle: Result<H, Refusal>;
  /** Names that were found while holding (what a symlink points to), to be judged like the written one. */
  readonly claims: readonly Claim[];
  release(): Promise<void>;
}

/** An action in its one normal form, with its typed params. */
export interface NormalizedAction<P = unknown> {
  readonly type: ActionType<P>;
  readonly params: P;
  readonly facts: ActionFacts;
  /** Further targets that params name; judged by run and explain alike. */
  readonly claims: readonly Claim[];
}

/**
 * Everything Nomos knows about one type of action. One file declares one; the registry lists it, and tools, schemas,
 * documentation and tests are derived from it.
 *
 * `P` is the type of the params, `H` of what is held of the world before the decision.
 */
export interface ActionType<P = unknown, H = unknown> {
  readonly name: string;
  /** One sentence for documentation. */
  readonly summary: string;
  /** Schemes of the resources it acts on. */
  readonly schemes: readonly string[];
  readonly risk: readonly RiskFlag[];
  readonly tool?: ToolText;
  /** JSON Schema of the params, for documentation, OpenAPI and tools. */
  readonly paramsSchema: JsonObject;
  /** What only the world can tell, by name; explain lists them as `runtime_checks`. */
  readonly runtimeChecks: readonly string[];
  /** Whether Nomos executes it; `external` types are authorized here and executed by the caller. */
  readonly execution: "nomos" | "external";
  /**
   * Parses params strictly: an unknown member is a problem. Pure.
   *
   * @param resource the normalized resource
   */
  parse(
    params: JsonObject,
    resource: string,
    settings: ExecutorSettings,
  ): Result<P, readonly Problem[]>;
  /** What rules and obligations may judge beyond the params as such. Pure. */
  facets(params: P, resource: string): Facets;
  /** Further targets that must be judged. Pure. */
  claims?(params: P, resource: string): readonly Claim[];
  /** The params as the audit may show them: what redaction cannot know to be secret is replaced. Absent: as they are. */
  forRecord?(params: JsonObject): JsonObject;
  /** What the operator's settings refuse ahead of the permit, once policy allows. Pure: explain says the same. */
  beforehand?(context: {
    readonly params: P;
    readonly facts: ActionFacts;
    readonly settings: ExecutorSettings;
  }): Refusal | undefined;
  /** Resolves and holds the target before the decision. Must not change anything. */
  hold?(action: NormalizedAction<P>, ports: ActionPorts): Promise<Held<H>>;
  /** Does it. Only a permit opens this door. */
  execute?(permit: Permit<P>, ports: ActionPorts, handle: H): Promise<Result<Executed, Refusal>>;
}
