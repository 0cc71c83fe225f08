import { type ReasonCode, type ReasonMeaning, REASONS } from "../../../core/model/mod.ts";
import { code, heading, paragraphs, table } from "./markdown.ts";

/** What each reason says, for people; a reason without its line does not compile. */
const SAYS: Readonly<Record<ReasonCode, string>> = {
  allow_by_rule: "A rule allows it and none denies it or wants an approval.",
  allow_by_approval: "A person approved it.",
  approval_recorded: "The decision about an approval is stored.",
  deny_by_rule: "A rule denies it.",
  deny_by_default: "No rule allows it.",
  deny_by_exec_model_conflict:
    "The rules that allow it limit commands in two ways (`exec_match`, `exec_allowlist`).",
  deny_by_external_policy_error:
    "The external policy engine failed, was late or gave no usable answer.",
  deny_by_external_policy: "The external policy engine denies it.",
  deny_by_tool_definition_change: "An upstream tool's definition is not the one that was pinned.",
  deny_by_unpinned_tool_definition:
    "An upstream tool is not pinned, and only pinned tools may be called.",
  require_approval_by_rule: "A rule wants a person to approve it.",
  protected_path: "The file is one that Nomos itself uses.",
  sandbox_required:
    "Policy wants a confinement that this installation does not offer or does not have.",
  exec_not_allowlisted: "The command begins with no allowed prefix.",
  exec_legacy_mode_disabled:
    "A rule uses `exec_allowlist`, and the configuration does not accept it.",
  exec_constraint_violation: "The command fits none of the deciding rules' argv patterns.",
  net_not_allowlisted: "The host is not in `net_allowlist`, or no rule has one.",
  invalid_params: "The params do not fit the action type.",
  invalid_resource: "The resource names what the workspace does not let through.",
  unsupported_action: "Nothing here performs this action type.",
  credentials_unavailable: "There is no such secret or lease for this caller.",
  ARGUMENT_VALIDATION_ERROR: "The arguments do not fit the upstream tool's input schema.",
  RATE_LIMIT_EXCEEDED: "A quota of `rate_limits` is used up.",
  UPSTREAM_UNAVAILABLE: "The upstream server cannot be reached, or its breaker is open.",
  UPSTREAM_TIMEOUT: "The upstream server did not answer in time.",
  UPSTREAM_CANCELED: "The call was cancelled.",
  UPSTREAM_CREDENTIAL_UNAVAILABLE: "The upstream server's credentials could not be leased.",
  RESPONSE_SCAN_DENIED: "The upstream server's answer was refused by the scan.",
  validation_error: "The request is not valid.",
  normalization_error: "The resource cannot be brought into its normal form.",
  execution_error: "Performing it failed.",
  route_not_configured: "No route of `upstream.routes` covers the request.",
  not_found: "The target does not exist.",
  exec_timeout: "The program took too long and was ended.",
  does_not_fit:
    "The request does not fit what it is about: a folder to read, a patch that does not apply.",
  output_limit: "What came back is too large to be handled.",
  upstream_error: "The other side failed.",
  auth_error: "Principal or agent is not proven.",
  forbidden: "This principal may not do that.",
  not_enabled: "The feature is off.",
  unknown_path: "There is nothing at that path.",
  approval_unknown: "There is no such approval.",
  approval_expired: "The approval is over.",
  approval_conflict: "The approval was decided otherwise, or is used.",
  audit_error: "There is nothing on record, or no sink that can be asked.",
  method_not_allowed: "The path exists, the method there does not.",
  body_too_large: "The body is larger than allowed.",
  unsupported_media_type: "The body is not JSON.",
  rate_limited: "Too many requests at once or in this minute.",
  circuit_open: "This caller's actions failed too often in a row.",
  shutting_down: "The gateway is stopping.",
  audit_unavailable: "The audit cannot record; nothing is done without a record.",
  internal_error: "A fault of Nomos itself.",
};

/** The reference of reasons. */
export function reasonsReference(): string {
  const all = Object.entries(REASONS) as [ReasonCode, ReasonMeaning][]; // entries forget the names
  return paragraphs([
    heading("Reasons", "core/model/reason.ts"),
    "Every answer has one reason. The word is what HTTP answers, MCP results and the audit show; where " +
    "several reasons share a word, the message tells them apart. *Class* is the audit's " +
    "`result_classification`. *Again* says whether the same request may succeed later without change.",
    "## Decisions",
    "The answer to a well-formed question: HTTP 200 whatever the decision.",
    rows(all.filter(([, { kind }]) => kind === "decision"), false),
    "## Errors",
    'The question could not be answered. The body has `decision: "DENY"` and `error: {code, message}`.',
    rows(all.filter(([, { kind }]) => kind === "error"), true),
  ]);
}

/** The errors of HTTP, by status. */
export function httpErrors(): string {
  const errors = Object.entries(REASONS) as [ReasonCode, ReasonMeaning][]; // entries forget the names
  return table(
    ["status", "`error.code`", "what happened", "again"],
    errors.filter(([, { kind }]) => kind === "error")
      .sort(([, a], [, b]) => a.status - b.status)
      .map(([reason, { status, wire, retryable }]) => [
        String(status),
        code(wire),
        SAYS[reason],
        retryable ? "yes" : "",
      ]),
  );
}

function rows(reasons: readonly [ReasonCode, ReasonMeaning][], withStatus: boolean): string {
  return table(
    ["word", ...(withStatus ? ["HTTP"] : []), "meaning", "class", "again", "MCP `isError`"],
    reasons.map(([reason, meaning]) => [
      code(meaning.wire) + (meaning.wire === reason ? "" : ` (${reason})`),
      ...(withStatus ? [String(meaning.status)] : []),
      SAYS[reason],
      meaning.resultClass,
      meaning.retryable ? "yes" : "",
      meaning.mcpError ? "yes" : "",
    ]),
  );
}
