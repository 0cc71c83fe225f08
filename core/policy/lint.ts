import type { Position } from "../encoding/mod.ts";
import { argvFlaw, execFlaw } from "./lint_exec.ts";
import { resourceFlaw } from "./lint_resource.ts";
import type { Rule } from "./rule.ts";

/** What a rule may be suspected of. */
export type LintCode =
  | "never_matches"
  | "expired"
  | "broad_allow"
  | "exec_without_limit"
  | "exec_any_command"
  | "narrow_exec_deny"
  | "legacy_exec_allowlist"
  | "network_without_hosts"
  | "unanchored_pattern"
  | "unknown_content_kind"
  | "idle_obligation";

/** One thing about a rule that looks like a mistake. */
export interface LintFinding {
  readonly code: LintCode;
  /** `error`: the rule cannot do what it says; `warning`: it may do more or less than was meant. */
  readonly severity: "error" | "warning";
  readonly rule: string;
  /** A sentence about the rule, and what to do. */
  readonly message: string;
  readonly file: string;
  readonly position?: Position;
}

/** What rules are judged by. */
export interface LintOptions {
  /** Unix time in milliseconds, for rules that expire. */
  readonly nowMs: number;
}

/** What is wrong with a rule: what a check answers. */
export type Flaw = Pick<LintFinding, "code" | "message">;

type Check = (rule: Rule, options: LintOptions) => Flaw | undefined;

/** Every check; one rule may fail several. */
const CHECKS: readonly Check[] = [
  resourceFlaw,
  expiryFlaw,
  breadthFlaw,
  execFlaw,
  argvFlaw,
  legacyFlaw,
  networkFlaw,
  patternFlaw,
  contentFlaw,
  idleFlaw,
];

/**
 * Looks for rules that are valid, but hardly what their author meant.
 *
 * @returns the findings in the order of the rules
 */
export function lintRules(rules: readonly Rule[], options: LintOptions): readonly LintFinding[] {
  return rules.flatMap((rule) =>
    CHECKS.flatMap((check) => {
      const flaw = check(rule, options);
      if (flaw === undefined) return [];
      const position = rule.place.position();
      return [{
        ...flaw,
        severity: flaw.code === "never_matches" ? "error" as const : "warning" as const,
        rule: rule.id,
        file: rule.place.file,
        ...(position === undefined ? {} : { position }),
      }];
    })
  );
}

function expiryFlaw(rule: Rule, { nowMs }: LintOptions): Flaw | undefined {
  if (rule.expiresAtMs === undefined || nowMs < rule.expiresAtMs) return undefined;
  const since = new Date(rule.expiresAtMs).toISOString();
  return {
    code: "expired",
    message: `has been as if absent since ${since}: remove it, or renew expires_at`,
  };
}

function breadthFlaw(rule: Rule): Flaw | undefined {
  const anything = rule.glob.segments.every(({ kind }) => kind === "globstar");
  if (rule.decision !== "ALLOW" || rule.actionType !== "*" || !anything) return undefined;
  return {
    code: "broad_allow",
    message:
      "allows every action on everything: name the action types and resources that are meant",
  };
}

function legacyFlaw(rule: Rule): Flaw | undefined {
  if (rule.terms.exec_allowlist === undefined) return undefined;
  return {
    code: "legacy_exec_allowlist",
    message:
      'uses the legacy exec_allowlist: write exec_match, where the prefix ["git"] is the pattern ["git", "**"]',
  };
}

function networkFlaw(rule: Rule): Flaw | undefined {
  if (rule.actionType !== "net.http_request" || rule.decision === "DENY") return undefined;
  const lists = rule.terms.net_allowlist;
  if (lists !== undefined && lists.every((list) => list.length > 0)) return undefined;
  return {
    code: "network_without_hosts",
    message:
      "lets requests through, but lists no hosts they may go to, so that they are refused: add net_allowlist",
  };
}

function patternFlaw(rule: Rule): Flaw | undefined {
  if (rule.decision !== "ALLOW") return undefined;
  const loose = rule.paramsMatch.find(({ tests }) =>
    tests.some((test) => test.op === "matches" && !isAnchored(test.pattern))
  );
  if (loose === undefined) return undefined;
  return {
    code: "unanchored_pattern",
    message: `allows any ${
      loose.path.join(".")
    } that has a fitting part anywhere: begin the pattern with ^ and end it with $`,
  };
}

function isAnchored(pattern: string): boolean {
  const body = pattern.replace(/^\(\?[a-z]+\)/, "");
  return /^(?:\^|\\A)/.test(body) && /(?:\$|\\z)$/.test(body);
}

const CONTENT_KINDS: readonly string[] = ["text", "image", "audio", "resource", "resource_link"];

function contentFlaw(rule: Rule): Flaw | undefined {
  const unknown = rule.terms.mcp_allowed_content_block_kinds?.find((kind) =>
    !CONTENT_KINDS.includes(kind)
  );
  if (unknown === undefined) return undefined;
  return {
    code: "unknown_content_kind",
    message: `lets through content of kind "${unknown}", which MCP does not know: one of ${
      CONTENT_KINDS.join(", ")
    } is meant`,
  };
}

function idleFlaw(rule: Rule): Flaw | undefined {
  if (rule.decision !== "DENY") return undefined;
  const [idle] = Object.keys(rule.terms).filter((name) =>
    name !== "exec_constraints" && name !== "extras"
  );
  if (idle === undefined) return undefined;
  return {
    code: "idle_obligation",
    message: `sets ${idle}, but denies: obligations only bind what is let through`,
  };
}
