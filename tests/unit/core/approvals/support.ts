import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openSqlite } from "../../../../cli/adapters/sqlite.ts";
import {
  type ApprovalRecord,
  Approvals,
  type ApprovalSettings,
} from "../../../../core/approvals/mod.ts";
import {
  isJsonObject,
  type JsonObject,
  parseJson,
  portableDigest,
} from "../../../../core/encoding/mod.ts";
import type { ActionFacts, IdentityFacts, Terms } from "../../../../core/model/mod.ts";
import type { Clock, Ids } from "../../../../core/ports/mod.ts";
import { ManualClock } from "../../../support/manual_clock.ts";

export const ALICE: IdentityFacts = {
  principal: "alice",
  agent: "nomos",
  environment: "dev",
  method: "api_key",
};
export const ONCE: Terms = {};
export const BY_CLASS: Terms = { approval_scope_class: "action_type_resource" };
export const asIs = (text: string): string => text;

/** A document as requests carry them. */
export function json(text: string): JsonObject {
  const parsed = parseJson(text);
  if (!parsed.ok || !isJsonObject(parsed.value.value)) throw new Error(`not an object: ${text}`);
  return parsed.value.value;
}

export function factsOf(more: Partial<ActionFacts> = {}): ActionFacts {
  return {
    id: "act_1",
    traceId: "trace_1",
    type: "payments.refund",
    resource: "payment://shop.example.com/orders/1",
    params: json('{"amount":1}'),
    paramsHash: "0".repeat(64),
    facets: {},
    riskFlags: [],
    riskLevel: "low",
    identity: ALICE,
    ...more,
  };
}

export class CountingIds implements Ids {
  #next = 0;

  hex(bytes: number): string {
    return (++this.#next).toString(16).padStart(bytes * 2, "0");
  }
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "nomos-approvals-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Approvals on a database that is closed after the test. */
export async function approvalsOf(
  settings: Partial<ApprovalSettings> = {},
  more: { path?: string; clock?: Clock; ids?: Ids } = {},
): Promise<Approvals> {
  const clock = more.clock ?? new ManualClock();
  const approvals = await Approvals.open(
    await openSqlite(more.path ?? ":memory:", { busyMs: 5_000 }),
    { ttlSeconds: 900, approverPrincipals: ["boss"], ...settings },
    { clock, ids: more.ids ?? new CountingIds(), digest: portableDigest },
  );
  onTestFinished(() => approvals.close());
  return approvals;
}

/** An approval that was asked for and approved. */
export async function approved(
  approvals: Approvals,
  facts = factsOf(),
  terms = ONCE,
): Promise<ApprovalRecord> {
  const { record } = await approvals.request(facts, terms, asIs);
  const decided = await approvals.decide(record.id, "APPROVE", { by: "op", channel: "cli" });
  if (!decided.ok) throw new Error(decided.reason.message);
  return decided.value.record;
}
