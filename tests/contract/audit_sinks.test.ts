import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { createAdapters } from "../../cli/adapters/mod.ts";
import { headOf, newChain, seal, type SealedRecord } from "../../core/audit/chain.ts";
import { draftEvent } from "../../core/audit/draft.ts";
import { SINK_KINDS, sinkKind } from "../../core/audit/sinks/registry.ts";
import { type AuditSink, SinkFailure, type SinkPorts } from "../../core/audit/sinks/sink.ts";
import { portableDigest } from "../../core/encoding/mod.ts";
import { auditPorts, decision, temporaryFolder } from "../support/audit.ts";
import { MemoryStorage } from "../support/memory_storage.ts";

/** A sink under test, and what the world around it can do. */
interface Subject {
  readonly target: string;
  readonly ports: SinkPorts;
  /** The stored lines, read without the sink. */
  stored(): readonly string[];
  fail(): void;
  mend(): void;
}

const SUBJECTS: Readonly<Record<string, () => Subject>> = {
  stdout: () => streamSubject("stdout"),
  stderr: () => streamSubject("stderr"),
  file: fileSubject,
  sqlite: sqliteSubject,
};

function streamSubject(stream: "stdout" | "stderr"): Subject {
  const disk = new MemoryStorage();
  return {
    target: "",
    ports: auditPorts(disk),
    stored: () => linesOf(disk.streams[stream]),
    fail: () => disk.streamFails = true,
    mend: () => disk.streamFails = false,
  };
}

/** A real file, on a disk that can be told to be full. */
function fileSubject(): Subject {
  const target = join(temporaryFolder(), "audit.jsonl");
  const adapters = createAdapters();
  let full = false;
  const storage: SinkPorts["storage"] = {
    ...adapters.storage,
    async openAppend(path) {
      const file = await adapters.storage.openAppend(path);
      return {
        size: () => file.size(),
        sync: () => file.sync(),
        truncate: (length) => file.truncate(length),
        readAt: (offset, length) => file.readAt(offset, length),
        close: () => file.close(),
        async append(bytes) {
          await file.append(full ? bytes.subarray(0, 40) : bytes);
          if (full) throw new Error("no space left on device");
        },
      };
    },
  };
  return {
    target,
    ports: { ...adapters, storage },
    stored: () => linesOf(readFileSync(target, "utf8")),
    fail: () => full = true,
    mend: () => full = false,
  };
}

/** A real database, which somebody else can lock. */
function sqliteSubject(): Subject {
  const target = join(temporaryFolder(), "audit.db");
  let other: DatabaseSync | undefined;
  return {
    target,
    ports: createAdapters(),
    stored() {
      const reader = new DatabaseSync(target, { readOnly: true });
      const rows = reader.prepare("SELECT payload_json FROM audit_events ORDER BY id").all();
      reader.close();
      return rows.map((row) => String(row.payload_json));
    },
    fail() {
      other = new DatabaseSync(target);
      other.exec("BEGIN IMMEDIATE");
    },
    mend() {
      other?.exec("ROLLBACK");
      other?.close();
    },
  };
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

function records(count: number): readonly SealedRecord[] {
  const made: SealedRecord[] = [];
  let head = newChain("main-1");
  for (let i = 0; i < count; i++) {
    const draft = draftEvent(decision(`a${i} "\u202e`), "2026-01-01T00:00:00.000Z");
    const record = seal(draft, head, portableDigest);
    made.push(record);
    head = headOf(record);
  }
  return made;
}

async function openSink(kind: string, subject: Subject): Promise<AuditSink> {
  const opened = await sinkKind(kind)?.open?.(
    { kind, target: subject.target },
    { ports: subject.ports, durability: "full", exclusive: true },
  );
  if (!opened?.ok) throw new Error(opened?.reason.message ?? "no such sink");
  return opened.value;
}

describe("the sinks under contract", () => {
  it("are all that this version has", () => {
    const available = SINK_KINDS.filter((kind) => kind.open !== undefined);
    expect(Object.keys(SUBJECTS).sort()).toEqual(available.map((kind) => kind.name).sort());
  });
});

describe.each(Object.entries(SUBJECTS))("the sink %s", (kind, makeSubject) => {
  it("keeps batches whole and in order", async () => {
    const subject = makeSubject();
    const sink = await openSink(kind, subject);
    const [first, ...rest] = records(30);
    if (first === undefined) throw new Error("no records");
    await sink.append([first]);
    await sink.append(rest);
    expect(subject.stored()).toEqual([first, ...rest].map((record) => record.line));
    await sink.close();
  });

  it("says what is left of a batch it did not take, and takes it later", async () => {
    const subject = makeSubject();
    const sink = await openSink(kind, subject);
    const [first, second] = records(2);
    if (first === undefined || second === undefined) throw new Error("no records");
    await sink.append([first]);
    subject.fail();
    const failure = await sink.append([second]).catch((error) => error);
    subject.mend();
    expect(failure).toBeInstanceOf(SinkFailure);
    const durable = sinkKind(kind)?.durable;
    expect(failure.left).toBe(durable ? "none" : "unknown");
    if (durable) expect(subject.stored()).toEqual([first.line]);
    await sink.append([second]);
    expect(subject.stored()).toEqual([first.line, second.line]);
    await sink.close();
  });

  it("remembers, newest first, when it is durable", async () => {
    const subject = makeSubject();
    const before = await openSink(kind, subject);
    const lines = records(1500).map((record) => record.line);
    await before.append(records(1500));
    await before.close();
    const sink = await openSink(kind, subject);
    expect(sink.memory !== undefined).toBe(sinkKind(kind)?.durable);
    const found: string[] = [];
    for await (const line of sink.memory?.newestFirst() ?? []) found.push(line);
    expect(found.toReversed()).toEqual(sink.memory ? lines : []);
    await sink.close();
  });

  it("has repaired nothing where nothing was damaged", async () => {
    const subject = makeSubject();
    const sink = await openSink(kind, subject);
    await sink.append(records(1));
    expect(sink.takeRecoveries()).toEqual([]);
    await sink.close();
  });

  it("is named as the operator names it", async () => {
    const subject = makeSubject();
    const sink = await openSink(kind, subject);
    expect(sink.name).toBe(subject.target === "" ? kind : `${kind}:${subject.target}`);
    await sink.close();
  });
});
