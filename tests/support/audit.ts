import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openSqlite } from "../../cli/adapters/sqlite.ts";
import type { Recorder, RecorderOptions } from "../../core/audit/mod.ts";
import { linesOf, openRecorder, parseSinkList, verifyAudit } from "../../core/audit/mod.ts";
import { encodeUtf8, portableDigest } from "../../core/encoding/mod.ts";
import type { AuditEvent } from "../../core/model/mod.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { ManualClock } from "./manual_clock.ts";

/** A folder for the running test, below the system's temporary folder; gone when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "nomos-audit-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let lastId = 0;

/** Ports for a recorder: memory for files and streams, the real thing for databases. */
export function auditPorts(storage: MemoryStorage = new MemoryStorage()): RecorderOptions["ports"] {
  return {
    clock: new ManualClock(),
    ids: { hex: (bytes) => (++lastId).toString(16).padStart(2 * bytes, "0") },
    digest: portableDigest,
    storage,
    openDatabase: openSqlite,
  };
}

/** Opens a recorder, or throws what is wrong. */
export async function openTestRecorder(
  sinks: string,
  ports: RecorderOptions["ports"],
  more: Partial<RecorderOptions> = {},
): Promise<Recorder> {
  const specs = parseSinkList(sinks);
  if (!specs.ok) throw new Error(specs.reason.map((problem) => problem.message).join("\n"));
  const opened = await openRecorder({ sinks: specs.value, ports, retryMs: 0, ...more });
  if (!opened.ok) throw new Error(opened.reason.map((problem) => problem.message).join("\n"));
  return opened.value;
}

/** A decision on the action with this id. */
export function decision(actionId: string, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    event_type: "action.decision",
    trace_id: "trace_1",
    action_id: actionId,
    principal: "system",
    agent: "nomos",
    environment: "dev",
    action_type: "fs.read",
    resource: "file://workspace/README.md",
    decision: "ALLOW",
    reason: "allow_by_rule",
    ...more,
  };
}

/** The stored lines of a log, parsed by JavaScript's own parser. */
export function parsedLines(text: string): Record<string, unknown>[] {
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Verifies a log that is in memory. */
export function verifyText(
  text: string,
  options: Partial<Parameters<typeof verifyAudit>[1]> = {},
): ReturnType<typeof verifyAudit> {
  return verifyAudit(linesOf(chunks(encodeUtf8(text))), { digest: portableDigest, ...options });
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const size = 1000;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
