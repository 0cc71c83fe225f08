import type { JsonObject } from "../encoding/mod.ts";

/** Which events are asked for; members that are left out match everything. */
export interface AuditFilter {
  readonly actionId?: string;
  readonly traceId?: string;
  readonly eventType?: string;
  readonly actionType?: string;
  readonly decision?: string;
  readonly principal?: string;
  readonly agent?: string;
  readonly environment?: string;
}

/** Reads recorded events back. */
export interface AuditReader {
  /**
   * Finds events.
   *
   * @param limit how many at most; when there are more, the newest ones
   * @returns oldest first; legacy events lack what the original did not write
   */
  find(filter: AuditFilter, limit: number): Promise<readonly JsonObject[]>;
}

/** The member of an event that each part of a filter is compared with. */
export const FILTER_MEMBERS = {
  actionId: "action_id",
  traceId: "trace_id",
  eventType: "event_type",
  actionType: "action_type",
  decision: "decision",
  principal: "principal",
  agent: "agent",
  environment: "environment",
} as const satisfies Record<keyof AuditFilter, string>;

/** The parts of a filter as (member, wanted value) pairs. */
export function filterEntries(filter: AuditFilter): readonly (readonly [string, string])[] {
  const entries: [string, string][] = [];
  for (const [part, member] of Object.entries(FILTER_MEMBERS)) {
    // The keys of the table are the keys of a filter, which Object.entries cannot say.
    const wanted = filter[part as keyof AuditFilter];
    if (wanted !== undefined) entries.push([member, wanted]);
  }
  return entries;
}

/** Tells whether an event is asked for. */
export function matchesFilter(event: JsonObject, filter: AuditFilter): boolean {
  return filterEntries(filter).every(([member, wanted]) => event[member] === wanted);
}

/** Which authorization is looked for. */
export interface AuthorizationQuery {
  readonly actionId: string;
  readonly traceId: string;
  readonly principal: string;
  readonly agent: string;
  readonly environment: string;
}

/**
 * Finds the decision that allowed an action to exactly this identity and trace.
 *
 * @returns the newest such `action.decision` event, or `undefined` when there never was one
 */
export async function findAuthorization(
  reader: AuditReader,
  query: AuthorizationQuery,
): Promise<JsonObject | undefined> {
  const filter = { ...query, eventType: "action.decision", decision: "ALLOW" };
  return (await reader.find(filter, 1))[0];
}
