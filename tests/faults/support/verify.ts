import { createReadStream } from "node:fs";
import { openSqlite } from "../../../cli/adapters/sqlite.ts";
import { nativeDigest } from "../../../cli/adapters/digest.ts";
import {
  eventsOf,
  highestId,
  linesOf,
  rowsOf,
  type SourceLine,
  verifyAudit,
  type VerifyReport,
} from "../../../core/audit/mod.ts";

/** What a log holds and whether its chains hold. */
export interface Evidence {
  readonly report: VerifyReport;
  readonly actionIds: ReadonlySet<string>;
}

/** Reads a log of either kind, as `nomos audit verify` does. */
export async function examine(sink: string): Promise<Evidence> {
  const [kind, path = ""] = sink.split(/:(.*)/s);
  if (kind === "file") return await examineLines(() => linesOf(createReadStream(path)));
  const database = await openSqlite(path, { readOnly: true });
  const evidence = await examineLines(() => rowsOf(database), await highestId(database));
  await database.close();
  return evidence;
}

async function examineLines(
  lines: () => AsyncIterable<SourceLine>,
  highest?: number,
): Promise<Evidence> {
  const report = await verifyAudit(lines(), { digest: nativeDigest(), highestId: highest });
  const actionIds = new Set<string>();
  for await (const event of eventsOf(lines())) {
    if (typeof event.action_id === "string") actionIds.add(event.action_id);
  }
  return { report, actionIds };
}
