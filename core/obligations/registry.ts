import type { JsonObject, JsonValue, Problem } from "../encoding/mod.ts";
import type { Refusal, Terms } from "../model/mod.ts";
import { approvalScopeClass } from "./approval_scope_class.ts";
import { credentialLeaseIds } from "./credential_lease_ids.ts";
import { execAllowlist } from "./exec_allowlist.ts";
import { execConstraints } from "./exec_constraints.ts";
import { extras } from "./extras.ts";
import { httpRedirectHopLimit } from "./http_redirect_hop_limit.ts";
import { httpRedirects } from "./http_redirects.ts";
import { mcpAllowedContentBlockKinds } from "./mcp_allowed_content_block_kinds.ts";
import { netAllowlist } from "./net_allowlist.ts";
import type { ActsWhen, JudgeContext, Obligation, ObligationPlace } from "./obligation.ts";
import { outputMaxBytes } from "./output_max_bytes.ts";
import { outputMaxLines } from "./output_max_lines.ts";
import { reason } from "./reason.ts";
import { redact } from "./redact.ts";
import { responseScanMode } from "./response_scan_mode.ts";
import { sandboxMode } from "./sandbox_mode.ts";
import { tags } from "./tags.ts";
import { timeoutMs } from "./timeout_ms.ts";

/** Terms under construction. */
export type TermsDraft = { -readonly [K in keyof Terms]: Terms[K] };

/** An obligation as the registry keeps it: it reads and writes its own member of the terms. */
export interface RegisteredObligation {
  readonly name: keyof Terms;
  readonly summary: string;
  readonly typeText: string;
  readonly mergeText: string;
  readonly acts: ActsWhen;
  readonly schema: JsonObject | undefined;
  /** Reads the member as written in a bundle into the draft; returns what is wrong with it. */
  parseInto(draft: TermsDraft, value: JsonValue, at: ObligationPlace): readonly Problem[];
  /** Merges the member of further terms into the draft. */
  mergeInto(draft: TermsDraft, terms: Terms): void;
  toJson(terms: Terms): JsonValue | undefined;
  readonly judge: ((context: JudgeContext) => Refusal | undefined) | undefined;
}

/**
 * Every obligation. They judge in this order: what policy says of the request comes before what the machine
 * lacks, so that nobody installs a sandbox for a command that is not allowed anyway.
 */
export const OBLIGATIONS: readonly RegisteredObligation[] = [
  register(execAllowlist),
  register(execConstraints),
  register(netAllowlist),
  register(sandboxMode),
  register(httpRedirects),
  register(httpRedirectHopLimit),
  register(timeoutMs),
  register(outputMaxBytes),
  register(outputMaxLines),
  register(redact),
  register(responseScanMode),
  register(mcpAllowedContentBlockKinds),
  register(approvalScopeClass),
  register(credentialLeaseIds),
  register(tags),
  register(reason),
  register(extras),
];

function register<K extends keyof Terms>(obligation: Obligation<K>): RegisteredObligation {
  const { name, summary, typeText, mergeText, acts, schema, unanimous, judge } = obligation;
  return {
    name,
    summary,
    typeText,
    mergeText,
    acts,
    schema,
    judge,
    parseInto(draft, value, at) {
      const parsed = obligation.parse(value, at);
      if (!parsed.ok) return parsed.reason;
      mergeMember(obligation, draft, parsed.value);
      return [];
    },
    mergeInto(draft, terms) {
      const term = terms[name];
      if (term !== undefined && term !== null) {
        if (!unanimous || draft[name] !== undefined) mergeMember(obligation, draft, term);
      } else if (unanimous) {
        delete draft[name];
      }
    },
    toJson(terms) {
      const term = terms[name];
      return term === undefined || term === null ? undefined : obligation.toJson(term);
    },
  };
}

function mergeMember<K extends keyof Terms>(
  obligation: Obligation<K>,
  draft: TermsDraft,
  term: NonNullable<Terms[K]>,
): void {
  const there = draft[obligation.name];
  draft[obligation.name] = there === undefined || there === null
    ? term
    : obligation.merge(there, term);
}
