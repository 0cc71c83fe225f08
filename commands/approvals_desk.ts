import { type ApprovalRecord, Approvals, isLive, rfc3339 } from "../core/approvals/mod.ts";
import { approvalsPath, loadConfig, type LoadedConfig } from "../core/config/mod.ts";
import { echo, type JsonObject } from "../core/encoding/mod.ts";
import { type CommandContext, CommandFailure, option } from "./command.ts";
import { invalidInput } from "./policy_input.ts";

/** The option that names the config whose approvals are meant. */
export const CONFIG_OPTION = option.requiredText("-c, --config <path>", "configuration file", {
  env: "NOMOS_CONFIG",
});

/** How approvals are printed. */
export const FORMAT_OPTION = option.choice(
  "--format <format>",
  "how to print it",
  ["text", "json"],
  "text",
);

/** The approvals of one installation, opened by the operator. */
export interface ApprovalDesk {
  readonly loaded: LoadedConfig;
  /** Absent when nobody asked for an approval yet, so that there is no database. */
  readonly approvals: Approvals | undefined;
  close(): Promise<void>;
}

/**
 * Opens the approvals that a config names, whether or not a gateway serves them now.
 *
 * @throws {CommandFailure} exit 2 when the config is wrong, approvals are off or the store cannot be opened
 */
export async function openDesk(context: CommandContext, configPath: string): Promise<ApprovalDesk> {
  const { adapters } = context;
  const { files, environment } = adapters;
  const result = await loadConfig({ files, environment, path: configPath });
  if (!result.ok) throw invalidInput(result.reason);
  const loaded = result.value;
  const { approvals: settings } = loaded.config;
  const path = approvalsPath(loaded.config);
  if (!settings.enabled || path === undefined) {
    throw new CommandFailure(
      2,
      `Cannot open the approvals of "${echo(configPath)}": approvals are off`,
      "set approvals.enabled to true, with a store on this machine",
    );
  }
  // Looking must not create what is not there.
  if (await files.stat(path) === undefined) {
    return { loaded, approvals: undefined, close: () => Promise.resolve() };
  }
  try {
    const db = await adapters.openDatabase(path);
    const approvals = await Approvals.open(db, {
      ttlSeconds: settings.ttl_seconds,
      approverPrincipals: settings.approver_principals,
      allowSelfApproval: settings.allow_self_approval,
    }, adapters);
    return { loaded, approvals, close: () => approvals.close() };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandFailure(2, `Cannot open the approval store "${echo(path)}": ${why}`);
  }
}

/** The failure of asking for an approval that does not exist. */
export function unknownApproval(id: string): CommandFailure {
  return new CommandFailure(
    4,
    `Cannot find approval "${echo(id)}": there is none`,
    "nomos approvals list --status all shows those there are",
  );
}

/** Where an approval stands now, in one word. */
export function standingOf(record: ApprovalRecord, nowMs: number): string {
  const over = !isLive(record, nowMs) &&
    (record.status === "PENDING" || record.status === "APPROVED");
  return over ? "EXPIRED" : record.status;
}

/** An approval as JSON output shows it. */
export function approvalJson(record: ApprovalRecord, nowMs: number): JsonObject {
  return {
    approval_id: record.id,
    status: record.status,
    expired: !isLive(record, nowMs),
    created_at: rfc3339(record.createdAtMs),
    expires_at: rfc3339(record.expiresAtMs),
    principal: record.principal,
    agent: record.agent,
    environment: record.environment,
    action_type: record.actionType,
    resource: record.resource,
    scope_type: record.scopeType,
    action_id: record.actionId,
    trace_id: record.traceId,
    params_hash: record.paramsHash,
    approval_fingerprint: record.fingerprint,
    ...(record.decidedBy === undefined ? {} : { decided_by: record.decidedBy }),
    ...(record.decidedAtMs === undefined ? {} : { decided_at: rfc3339(record.decidedAtMs) }),
    ...(record.channel === undefined ? {} : { channel: record.channel }),
    ...(record.comment === undefined ? {} : { comment: record.comment }),
    preview: record.preview,
  };
}
