import type { JsonValue } from "../encoding/mod.ts";

/** Confinement profiles, from the loosest to the strictest. */
export const SANDBOX_MODES = ["none", "local", "container"] as const;

/** One confinement profile. */
export type SandboxMode = (typeof SANDBOX_MODES)[number];

/** One host a request may go to. */
export interface HostRule {
  /** As the operator wrote it. */
  readonly text: string;
  /** Lower-case ASCII host; for `subdomains` the part behind `*.`. */
  readonly host: string;
  readonly subdomains: boolean;
  /** Absent: the default port of the scheme only, as the host of the resource would show it. */
  readonly port?: number;
  /** Set by an `http://` prefix: this rule admits plain HTTP and nothing else. */
  readonly plainHttp: boolean;
}

/** Why a rule is there, in its author's words. */
export interface RuleReason {
  readonly rule: string;
  readonly text: string;
}

/**
 * The merged obligations of the deciding rules, typed and parsed when the bundle loads. Members bear the
 * names of the obligations. Several lists in `net_allowlist` or `exec_allowlist` must each admit the action.
 */
export interface Terms {
  readonly sandbox_mode?: SandboxMode;
  readonly net_allowlist?: readonly (readonly HostRule[])[];
  readonly exec_allowlist?: readonly (readonly (readonly string[])[])[];
  /** Derived: the union of the deciding rules' argv patterns. */
  readonly exec_constraints?: readonly (readonly string[])[];
  readonly http_redirects?: boolean;
  readonly http_redirect_hop_limit?: number;
  readonly output_max_bytes?: number;
  readonly output_max_lines?: number;
  readonly approval_scope_class?: "action_type_resource";
  readonly credential_lease_ids?: readonly string[];
  readonly timeout_ms?: number;
  readonly redact?: readonly string[];
  readonly tags?: readonly string[];
  /** In the order of the rules' ids, each with its rule. */
  readonly reason?: readonly RuleReason[];
  readonly response_scan_mode?: "strip" | "fence" | "deny";
  readonly mcp_allowed_content_block_kinds?: readonly string[];
  /** Operators' own members (`x_…`), copied to the audit and nothing else; each with every value rules gave it. */
  readonly extras?: Readonly<Record<string, readonly JsonValue[]>>;
}
