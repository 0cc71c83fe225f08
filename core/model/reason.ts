/** How an action ended, for audit and metrics. */
export type ResultClass =
  | "SUCCESS"
  | "DENIED_POLICY"
  | "APPROVAL_REQUIRED"
  | "VALIDATION_ERROR"
  | "NORMALIZATION_ERROR"
  | "SANDBOX_VIOLATION"
  | "EXEC_TIMEOUT"
  | "OUTPUT_LIMIT"
  | "UPSTREAM_ERROR"
  | "UPSTREAM_UNAVAILABLE"
  | "RATE_LIMIT_EXCEEDED"
  | "INTERNAL_ERROR";

/** What one reason means at every door. */
export interface ReasonMeaning {
  /** `decision`: the answer to a well-formed question; `error`: the question could not be answered. */
  readonly kind: "decision" | "error";
  /** The word on the wire; several reasons may share one. */
  readonly wire: string;
  /** HTTP status. */
  readonly status: number;
  /** Class of the result in audit and metrics. */
  readonly resultClass: ResultClass;
  /** Whether the same request may succeed later without change. */
  readonly retryable: boolean;
  /** MCP: whether the tool result says `isError`. */
  readonly mcpError: boolean;
}

function decision(
  wire: string,
  resultClass: ResultClass,
  more: Partial<ReasonMeaning> = {},
): ReasonMeaning {
  return {
    kind: "decision",
    wire,
    status: 200,
    resultClass,
    retryable: false,
    mcpError: false,
    ...more,
  };
}

function error(
  wire: string,
  status: number,
  resultClass: ResultClass,
  more: Partial<ReasonMeaning> = {},
): ReasonMeaning {
  return { kind: "error", wire, status, resultClass, retryable: false, mcpError: true, ...more };
}

/** The one table of reasons: HTTP status, result class, MCP error flag and retryability of each. */
export const REASONS = {
  allow_by_rule: decision("allow_by_rule", "SUCCESS"),
  allow_by_approval: decision("allow_by_approval", "SUCCESS"),
  approval_recorded: decision("approval_recorded", "SUCCESS"),
  deny_by_rule: decision("deny_by_rule", "DENIED_POLICY"),
  deny_by_default: decision("deny_by_default", "DENIED_POLICY"),
  deny_by_exec_model_conflict: decision("deny_by_exec_model_conflict", "DENIED_POLICY"),
  deny_by_external_policy_error: decision("deny_by_external_policy_error", "DENIED_POLICY"),
  deny_by_external_policy: decision("deny_by_rule", "DENIED_POLICY"),
  deny_by_tool_definition_change: decision("deny_by_tool_definition_change", "DENIED_POLICY"),
  deny_by_unpinned_tool_definition: decision("deny_by_unpinned_tool_definition", "DENIED_POLICY"),
  require_approval_by_rule: decision("require_approval_by_rule", "APPROVAL_REQUIRED", {
    retryable: true,
  }),
  protected_path: decision("protected_path", "DENIED_POLICY"),
  sandbox_required: decision("sandbox_required", "SANDBOX_VIOLATION"),
  exec_not_allowlisted: decision("exec_not_allowlisted", "SANDBOX_VIOLATION"),
  exec_legacy_mode_disabled: decision("exec_legacy_mode_disabled", "SANDBOX_VIOLATION"),
  exec_constraint_violation: decision("exec_constraint_violation", "SANDBOX_VIOLATION"),
  net_not_allowlisted: decision("net_not_allowlisted", "SANDBOX_VIOLATION"),
  invalid_params: decision("invalid_params", "VALIDATION_ERROR", { mcpError: true }),
  /** The resource names what the workspace does not let through (a way out, a device, a FIFO). */
  invalid_resource: decision("invalid_resource", "SANDBOX_VIOLATION", { mcpError: true }),
  unsupported_action: decision("unsupported_action", "DENIED_POLICY"),
  credentials_unavailable: decision("credentials_unavailable", "DENIED_POLICY"),
  ARGUMENT_VALIDATION_ERROR: decision("ARGUMENT_VALIDATION_ERROR", "VALIDATION_ERROR", {
    mcpError: true,
  }),
  RATE_LIMIT_EXCEEDED: decision("RATE_LIMIT_EXCEEDED", "RATE_LIMIT_EXCEEDED", { retryable: true }),
  UPSTREAM_UNAVAILABLE: decision("UPSTREAM_UNAVAILABLE", "UPSTREAM_UNAVAILABLE", {
    retryable: true,
    mcpError: true,
  }),
  UPSTREAM_TIMEOUT: decision("UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE", {
    retryable: true,
    mcpError: true,
  }),
  UPSTREAM_CANCELED: decision("UPSTREAM_CANCELED", "UPSTREAM_ERROR", { mcpError: true }),
  UPSTREAM_CREDENTIAL_UNAVAILABLE: decision(
    "UPSTREAM_CREDENTIAL_UNAVAILABLE",
    "UPSTREAM_UNAVAILABLE",
    {
      mcpError: true,
    },
  ),
  RESPONSE_SCAN_DENIED: decision("RESPONSE_SCAN_DENIED", "UPSTREAM_ERROR", { mcpError: true }),

  validation_error: error("validation_error", 400, "VALIDATION_ERROR"),
  normalization_error: error("normalization_error", 400, "NORMALIZATION_ERROR"),
  execution_error: error("execution_error", 400, "INTERNAL_ERROR"),
  /** No configured upstream route covers the request; on the HTTP wire an `execution_error`. */
  route_not_configured: error("execution_error", 400, "DENIED_POLICY"),
  /** The target does not exist; on the HTTP wire an `execution_error`. */
  not_found: error("execution_error", 400, "UPSTREAM_ERROR"),
  /** The request does not fit what it is about: a folder to read, a patch that does not apply. On the HTTP wire an `execution_error`. */
  does_not_fit: error("execution_error", 400, "VALIDATION_ERROR"),
  exec_timeout: error("execution_error", 400, "EXEC_TIMEOUT", { retryable: true }),
  /** What came back is larger than can be handled within the caps. */
  output_limit: error("execution_error", 400, "OUTPUT_LIMIT"),
  upstream_error: error("execution_error", 400, "UPSTREAM_ERROR", { retryable: true }),
  auth_error: error("auth_error", 401, "DENIED_POLICY"),
  forbidden: error("forbidden", 403, "DENIED_POLICY"),
  not_enabled: error("not_enabled", 404, "VALIDATION_ERROR"),
  unknown_path: error("validation_error", 404, "VALIDATION_ERROR"),
  approval_unknown: error("approval_error", 404, "VALIDATION_ERROR"),
  approval_expired: error("approval_error", 400, "VALIDATION_ERROR"),
  approval_conflict: error("approval_error", 409, "VALIDATION_ERROR"),
  audit_error: error("audit_error", 404, "VALIDATION_ERROR"),
  method_not_allowed: error("validation_error", 405, "VALIDATION_ERROR"),
  body_too_large: error("validation_error", 413, "VALIDATION_ERROR"),
  unsupported_media_type: error("validation_error", 415, "VALIDATION_ERROR"),
  rate_limited: error("rate_limited", 429, "RATE_LIMIT_EXCEEDED", { retryable: true }),
  circuit_open: error("circuit_open", 429, "RATE_LIMIT_EXCEEDED", { retryable: true }),
  shutting_down: error("shutting_down", 503, "INTERNAL_ERROR", { retryable: true }),
  audit_unavailable: error("audit_unavailable", 503, "INTERNAL_ERROR", { retryable: true }),
  internal_error: error("internal_error", 500, "INTERNAL_ERROR", { retryable: true }),
} as const satisfies Record<string, ReasonMeaning>;

/** Every reason Nomos gives, a closed union. */
export type ReasonCode = keyof typeof REASONS;

/**
 * What a reason means at every door.
 *
 * @example
 * ```ts
 * meaningOf("deny_by_default").status; // 200
 * ```
 */
export function meaningOf(code: ReasonCode): ReasonMeaning {
  return REASONS[code];
}
