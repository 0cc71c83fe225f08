import { generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { type CheckpointVerifier, parseStored, readVerifier } from "../../../../core/audit/mod.ts";
import { expectedHash } from "../../../../core/audit/chain.ts";
import { writeStored } from "../../../../core/audit/stored_record.ts";
import { type JsonObject, portableDigest } from "../../../../core/encoding/mod.ts";
import { auditPorts, decision, openTestRecorder, verifyText } from "../../../support/audit.ts";
import { MemoryStorage } from "../../../support/memory_storage.ts";

const pair = generateKeyPairSync("ed25519");
const signingKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();

/** Eight events with a checkpoint behind the fourth (row 5) and at the end (row 10). */
async function makeLog(signed: boolean): Promise<string[]> {
  const disk = new MemoryStorage();
  const recorder = await openTestRecorder("file:/log", auditPorts(disk), {
    checkpointEvery: 4,
    ...(signed ? { signingKey } : {}),
  });
  for (let i = 1; i <= 8; i++) await recorder.record([decision(`a${i}`)]);
  await recorder.close();
  return disk.text("/log").trimEnd().split("\n");
}

let lines: string[];
let signedLines: string[];
let verifier: CheckpointVerifier;

beforeAll(async () => {
  lines = await makeLog(false);
  signedLines = await makeLog(true);
  const read = await readVerifier(publicKey, portableDigest);
  if (!read.ok) throw new Error(read.reason);
  verifier = read.value;
});

function verify(log: readonly string[], options: Parameters<typeof verifyText>[1] = {}) {
  return verifyText(log.map((line) => `${line}\n`).join(""), options);
}

function changed(line: string | undefined, change: JsonObject): string {
  const record = { ...parseStored(line ?? ""), ...change };
  return writeStored({ ...record, event_hash: expectedHash(record, portableDigest) });
}

/** Links every record anew from a row on, as whoever rewrites history would. */
function relinked(log: readonly string[], from: number): string[] {
  const out = [...log];
  for (let i = Math.max(1, from); i < out.length; i++) {
    const { event_hash } = parseStored(out[i - 1] ?? "") ?? {};
    const seq = Number(parseStored(out[i - 1] ?? "")?.seq) + 1;
    out[i] = changed(out[i], { prev_event_hash: event_hash ?? "", seq });
  }
  return out;
}

describe("an untouched log", () => {
  it("is intact, with its events and checkpoints counted", async () => {
    const report = await verify(lines);
    expect(report).toMatchObject({
      status: "intact",
      events: 10,
      chains: [{
        first_seq: 1,
        last_seq: 10,
        intact: true,
        checkpoints: { total: 2, signed: 0, covered_seq: 10 },
        uncovered: 0,
      }],
      gaps: [],
      warnings: [],
    });
  });

  it("is intact with empty lines between", async () => {
    expect((await verifyText(lines.join("\n\n"))).status).toBe("intact");
  });

  it("is intact however its JSON is written", async () => {
    const reordered = lines.map((line) =>
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line)).reverse()))
    );
    expect((await verify(reordered)).status).toBe("intact");
  });

  it("has a torn end that is told but breaks nothing", async () => {
    const text = lines.join("\n");
    const report = await verifyText(text.slice(0, -10));
    expect(report).toMatchObject({ status: "intact", events: 9, torn_tail: { at: 10 } });
    expect((await verifyText(text.slice(0, -10), { strict: true })).status).toBe("broken");
  });

  it("counts a last record without its newline", async () => {
    expect(await verifyText(lines.join("\n"))).toMatchObject({ status: "intact", events: 10 });
  });

  it("may hold records twice that were written again after a failure", async () => {
    const twice = [...lines.slice(0, 7), ...lines.slice(5, 7), ...lines.slice(7)];
    expect(await verify(twice)).toMatchObject({ status: "intact", chains: [{ duplicates: 2 }] });
  });

  it("holds several chains, one among the other", async () => {
    const other = await makeLog(false);
    const both = lines.flatMap((line, i) => [line, other[i] ?? ""]);
    expect(await verify(both)).toMatchObject({
      status: "intact",
      chains: [{ events: 10 }, { events: 10 }],
    });
  });
});

describe("a log that was touched", () => {
  it.each<[string, (log: string[]) => string[], object]>([
    [
      "a changed event",
      (log) => log.with(2, (log[2] ?? "").replace("a3", "x3")),
      { kind: "event_changed", at: 3, seq: 3 },
    ],
    [
      "a changed event whose hash was put right",
      (log) => log.with(2, changed(log[2], { action_id: "x" })),
      { kind: "link", at: 4, seq: 4 },
    ],
    ["a missing event", (log) => log.toSpliced(2, 1), { kind: "gap", at: 3, seq: 4 }],
    [
      "missing first events",
      (log) => log.slice(2),
      { kind: "missing_head", at: 1, seq: 3 },
    ],
    [
      "events in another order",
      (log) => [...log.slice(0, 2), log[3] ?? "", log[2] ?? "", ...log.slice(4)],
      { kind: "gap", at: 3, seq: 4 },
    ],
    [
      "a forged event in between",
      (log) => log.toSpliced(2, 0, changed(log[1], { action_id: "x" })),
      { kind: "link", at: 3, seq: 2 },
    ],
    [
      "a line that is no event",
      (log) => log.toSpliced(2, 0, "hello"),
      { kind: "unreadable_line", at: 3 },
    ],
    [
      "an event without its place",
      (log) => log.with(2, (log[2] ?? "").replace(',"seq":3', "")),
      { kind: "unreadable_line", at: 3 },
    ],
    [
      "a member that stands twice",
      (log) => log.with(2, (log[2] ?? "").replace("{", '{"action_id":"a3",')),
      { kind: "unreadable_line", at: 3 },
    ],
    [
      "a first event with a previous hash",
      (log) => log.with(0, changed(log[0], { prev_event_hash: "ab" })),
      { kind: "link", at: 1, seq: 1 },
    ],
    [
      "an event left out and the rest linked anew",
      (log) => relinked(log.toSpliced(1, 1), 1),
      { kind: "checkpoint_mismatch", at: 4, seq: 4 },
    ],
  ])("is broken by %s", async (_, touch, found) => {
    const report = await verify(touch([...lines]));
    expect(report.status).toBe("broken");
    expect(report.first_broken).toMatchObject(found);
  });

  it("is broken in one place by one event that stands too late", async () => {
    const late = lines.toSpliced(4, 0, changed(lines[1], { action_id: "x" }));
    expect((await verify(late)).broken_count).toBe(1);
  });

  it("lists the gaps", async () => {
    const report = await verify([...lines.slice(0, 2), ...lines.slice(5, 6), ...lines.slice(8)]);
    expect(report.gaps).toMatchObject([
      { from_seq: 3, to_seq: 5, at: 3 },
      { from_seq: 7, to_seq: 8, at: 4 },
    ]);
    expect(report.gap_count).toBe(2);
  });

  it("is broken by any single change of any character", async () => {
    const text = lines.slice(0, 3).join("\n") + "\n";
    for (let at = 0; at < text.length; at += 7) {
      if (text[at] === "\n") continue;
      const broken = `${text.slice(0, at)}${text[at] === "0" ? "1" : "0"}${text.slice(at + 1)}`;
      expect((await verifyText(broken)).status, `at ${at}`).not.toBe("intact");
    }
  });

  it("is unreadable when nothing in it is an event", async () => {
    expect((await verify(["{}", "hello"])).status).toBe("unreadable");
    expect((await verifyText("no newline")).status).toBe("unreadable");
  });

  it("may begin in the middle where the operator says so", async () => {
    expect(await verify(lines.slice(2), { partial: true })).toMatchObject({
      status: "intact",
      chains: [{ first_seq: 3, events: 8 }],
    });
  });
});

describe("signatures", () => {
  it("are confirmed by their key, and counted without one", async () => {
    expect(await verify(signedLines, { verifiers: [verifier] })).toMatchObject({
      status: "intact",
      chains: [{ checkpoints: { total: 2, signed: 2, verified: 2, covered_seq: 10 } }],
    });
    expect(await verify(signedLines)).toMatchObject({
      chains: [{ checkpoints: { signed: 2, verified: 0 } }],
    });
  });

  it("show how far the log is vouched for", async () => {
    const report = await verify(signedLines.slice(0, 8), { verifiers: [verifier] });
    expect(report).toMatchObject({ status: "intact", chains: [{ uncovered: 3 }] });
  });

  it("are missed in a history that was rewritten without the key", async () => {
    expect((await verify(lines, { verifiers: [verifier] })).first_broken).toMatchObject({
      kind: "signature_missing",
    });
    const half = [...signedLines];
    const last = parseStored(half[9] ?? "");
    const { signature: _, ...stated } = last?.executor_metadata as JsonObject;
    half[9] = changed(half[9], { executor_metadata: stated });
    expect((await verify(half, { verifiers: [verifier] })).first_broken).toMatchObject({
      kind: "signature_missing",
      at: 10,
    });
  });

  it("break the chain when they are wrong", async () => {
    const forged = [...signedLines];
    const last = parseStored(forged[9] ?? "");
    const stated = { ...last?.executor_metadata as JsonObject, signature: "00".repeat(64) };
    forged[9] = changed(forged[9], { executor_metadata: stated });
    expect((await verify(forged, { verifiers: [verifier] })).first_broken).toMatchObject({
      kind: "signature_invalid",
      at: 10,
    });
  });

  it("warn when no checkpoint has been written yet", async () => {
    const young = signedLines.slice(0, 3);
    const report = await verify(young, { verifiers: [verifier] });
    expect(report.status).toBe("intact");
    expect(report.warnings[0]).toMatch(/no checked signature/);
    expect((await verify(young, { verifiers: [verifier], strict: true })).status).toBe("broken");
  });
});

describe("a checkpoint that was kept elsewhere", () => {
  it("finds a cut end", async () => {
    const { event_hash, chain_id } = parseStored(lines[7] ?? "") ?? {};
    const kept = { chainId: String(chain_id), seq: 8, hash: String(event_hash) };
    expect((await verify(lines, { kept })).status).toBe("intact");
    expect((await verify(lines.slice(0, 5), { kept })).first_broken).toMatchObject({
      kind: "cut_tail",
      seq: 8,
    });
    const rewritten = relinked(lines.with(6, changed(lines[6], { reason: "x" })), 7);
    expect((await verify(rewritten, { kept })).first_broken).toMatchObject({
      kind: "checkpoint_mismatch",
      at: 8,
    });
  });
});

describe("events of the original", () => {
  function legacy(ids: readonly string[], previous = ""): string[] {
    let last = previous;
    return ids.map((action_id) => {
      const event: JsonObject = {
        schema_version: "v1",
        event_type: "action.decision",
        trace_id: "t",
        action_id,
        duration_ms: 3,
        ...(last === "" ? {} : { prev_event_hash: last }),
      };
      last = expectedHash(event, portableDigest);
      return JSON.stringify({ ...event, event_hash: last });
    });
  }

  it("are counted in segments, and those that verify", async () => {
    const report = await verify([...legacy(["a", "b"]), ...legacy(["c"]), ...lines]);
    expect(report).toMatchObject({
      status: "intact",
      events: 13,
      legacy: { events: 3, segments: 2, legacy_unverifiable: 0 },
    });
  });

  it("are reported, not broken, where a hash fails: the original redacted after it hashed", async () => {
    const log = legacy(["a", "b", "c"]);
    log[1] = (log[1] ?? "").replace('"t"', '"[REDACTED]"');
    const report = await verify(log);
    expect(report).toMatchObject({
      status: "intact",
      legacy: { legacy_unverifiable: 1, first_unverifiable_at: 2 },
    });
    expect((await verify(log, { strict: true })).status).toBe("broken");
  });
});
