import { describe, expect, it } from "vitest";
import { openRecorder } from "../../../../core/audit/mod.ts";
import {
  auditPorts,
  decision,
  openTestRecorder,
  parsedLines,
  verifyText,
} from "../../../support/audit.ts";
import { MemoryStorage } from "../../../support/memory_storage.ts";

const LOG = "/log.jsonl";

/** Opens, records one event for each id, and closes as a killed process does: not at all. */
async function session(
  disk: MemoryStorage,
  ids: readonly string[],
  sinks = `file:${LOG}`,
): Promise<void> {
  disk.locked.clear();
  const recorder = await openTestRecorder(sinks, auditPorts(disk));
  for (const id of ids) {
    const recorded = await recorder.record([decision(id)]);
    if (!recorded.ok) throw new Error(recorded.reason.message);
  }
}

function chainIds(text: string): unknown[] {
  return [...new Set(parsedLines(text).map((event) => event.chain_id))];
}

describe("opening a log again", () => {
  it("goes on with the chain, and covers with a checkpoint what a killed process left", async () => {
    const disk = new MemoryStorage();
    await session(disk, ["a", "b"]);
    await session(disk, ["c"]);
    const events = parsedLines(disk.text(LOG));
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4]);
    expect(events.map((event) => event.event_type)).toEqual([
      ...Array(3).fill("action.decision"),
      "audit.checkpoint",
    ]);
    expect(await verifyText(disk.text(LOG))).toMatchObject({
      status: "intact",
      chains: [{ last_seq: 4 }],
    });
  });

  it("writes no needless checkpoint behind one of a process that ended well", async () => {
    const disk = new MemoryStorage();
    const first = await openTestRecorder(`file:${LOG}`, auditPorts(disk));
    await first.record([decision("a")]);
    await first.close();
    await session(disk, ["b"]);
    expect(parsedLines(disk.text(LOG)).map((event) => event.event_type)).toEqual([
      "action.decision",
      "audit.checkpoint",
      "action.decision",
    ]);
  });

  it("cuts a torn last line and says so", async () => {
    const disk = new MemoryStorage();
    await session(disk, ["a", "b"]);
    const whole = disk.text(LOG);
    disk.put(LOG, whole.slice(0, -20));
    await session(disk, ["c"]);
    const text = disk.text(LOG);
    expect(text.startsWith(whole.slice(0, whole.indexOf("\n") + 1))).toBe(true);
    const [, recovered] = parsedLines(text);
    expect(recovered).toMatchObject({
      event_type: "audit.recovered",
      executor_metadata: { cause: "torn_line", sink: `file:${LOG}` },
    });
    expect((await verifyText(text)).status).toBe("intact");
  });

  it("keeps a last record that lacks nothing but its newline", async () => {
    const disk = new MemoryStorage();
    await session(disk, ["a", "b"]);
    const whole = disk.text(LOG);
    disk.put(LOG, whole.slice(0, -1));
    await session(disk, ["c"]);
    expect(disk.text(LOG).startsWith(whole)).toBe(true);
    expect(disk.text(LOG)).not.toContain("audit.recovered");
    expect(await verifyText(disk.text(LOG))).toMatchObject({
      status: "intact",
      chains: [{ last_seq: 4 }],
    });
  });

  it.each([
    ["was changed", (text: string) => text.replace('"b"', '"x"')],
    ["is no event", (text: string) => `${text}hello\n`],
    ["is an event of the original", (text: string) => `${text}{"event_type":"trace.end"}\n`],
  ])("begins a new chain when the last line %s, and cuts nothing", async (_, change) => {
    const disk = new MemoryStorage();
    await session(disk, ["a", "b"]);
    const changed = change(disk.text(LOG));
    disk.put(LOG, changed);
    await session(disk, ["c"]);
    expect(disk.text(LOG).startsWith(changed)).toBe(true);
    expect(parsedLines(disk.text(LOG).slice(changed.length))[0]).toMatchObject({ seq: 1 });
  });

  it("begins a new chain in each process that writes to a stream only", async () => {
    const disk = new MemoryStorage();
    await session(disk, ["a"], "stdout");
    await session(disk, ["b"], "stdout");
    expect(chainIds(disk.streams.stdout)).toHaveLength(2);
  });
});

describe("a second process", () => {
  it("gets a chain of its own in the same file, and the first one goes on with its own", async () => {
    const disk = new MemoryStorage();
    const first = await openTestRecorder(`file:${LOG}`, auditPorts(disk));
    await first.record([decision("a")]);
    const second = await openTestRecorder(`file:${LOG}`, auditPorts(disk));
    await second.record([decision("b")]);
    await first.record([decision("c")]);
    await first.close();
    await second.record([decision("d")]);
    const text = disk.text(LOG);
    expect(await verifyText(text)).toMatchObject({
      status: "intact",
      chains: [{ events: 3 }, { events: 2 }],
    });
    // The second one may still be alive when a third one starts: its chain stays its own.
    await session(disk, ["e"]);
    await second.record([decision("f")]);
    const report = await verifyText(disk.text(LOG));
    expect(report).toMatchObject({ status: "intact", chains: [{ events: 4 }, { events: 3 }] });
    expect(report.chains.map((chain) => chain.chain_id.slice(0, 5))).toEqual(["main-", "side-"]);
  });

  it("does not cut what the first one is writing", async () => {
    const disk = new MemoryStorage();
    const first = await openTestRecorder(`file:${LOG}`, auditPorts(disk));
    await first.record([decision("a")]);
    disk.put(LOG, `${disk.text(LOG)}{"half`);
    const second = await openTestRecorder(`file:${LOG}`, auditPorts(disk));
    await second.record([decision("b")]);
    await second.record([decision("c")]);
    const lines = disk.text(LOG).split("\n");
    expect(lines[1]).toBe('{"half');
    expect(disk.text(LOG)).toContain('"left_in_place":true');
    expect(await verifyText(disk.text(LOG))).toMatchObject({ status: "intact" });
  });

  it("starts on a line of its own when the disk filled in the middle of another's", async () => {
    const disk = new MemoryStorage();
    const first = await openTestRecorder(`file:${LOG}`, auditPorts(disk));
    const second = await openTestRecorder(`file:${LOG}`, auditPorts(disk));
    await first.record([decision("a")]);
    await second.record([decision("b")]);
    disk.free = 30;
    expect((await first.record([decision("c")])).ok).toBe(false);
    disk.free = Infinity;
    await second.record([decision("d")]);
    await first.record([decision("e")]);
    await first.close();
    await second.close();
    expect(await verifyText(disk.text(LOG))).toMatchObject({ status: "intact" });
  });

  it("gets a chain of its own when only one of its sinks is taken", async () => {
    const disk = new MemoryStorage();
    const first = await openTestRecorder("file:/b.jsonl", auditPorts(disk));
    await first.record([decision("a")]);
    const second = await openTestRecorder("file:/a.jsonl,file:/b.jsonl", auditPorts(disk));
    await second.record([decision("b")]);
    expect(await verifyText(disk.text("/b.jsonl"))).toMatchObject({
      status: "intact",
      chains: [{ events: 1 }, { events: 1 }],
    });
  });
});

describe("several durable sinks", () => {
  const both = "file:/a.jsonl,file:/b.jsonl";

  it("are completed from the first one when a process died between them", async () => {
    const disk = new MemoryStorage();
    await session(disk, ["a", "b", "c"], both);
    const whole = disk.text("/a.jsonl");
    disk.put("/b.jsonl", whole.slice(0, whole.indexOf("\n") + 1));
    await session(disk, ["d"], both);
    expect(disk.text("/b.jsonl")).toBe(disk.text("/a.jsonl"));
    expect(chainIds(disk.text("/a.jsonl"))).toHaveLength(1);
  });

  it.each([
    ["the second one is new", (disk: MemoryStorage) => disk.files.delete("/b.jsonl")],
    ["the second one holds more", (disk: MemoryStorage) => {
      const [first = ""] = disk.text("/a.jsonl").split("\n");
      disk.put("/a.jsonl", `${first}\n`);
    }],
    ["the first one is new", (disk: MemoryStorage) => disk.files.delete("/a.jsonl")],
  ])("begin a new chain when %s", async (_, change) => {
    const disk = new MemoryStorage();
    await session(disk, ["a", "b"], both);
    change(disk);
    await session(disk, ["c"], both);
    for (const path of ["/a.jsonl", "/b.jsonl"]) {
      expect((await verifyText(disk.text(path))).status).toBe("intact");
    }
    const newest = ["/a.jsonl", "/b.jsonl"].map((path) => parsedLines(disk.text(path)).at(-1));
    expect(newest[0]).toEqual(newest[1]);
    expect(newest[0]?.seq).toBe(1);
  });
});

describe("what cannot be opened", () => {
  it("is told for every sink, and frees the locks", async () => {
    const disk = new MemoryStorage();
    const ports = { ...auditPorts(disk), openDatabase: () => Promise.reject(new Error("no")) };
    const opened = await openRecorder({
      sinks: [
        { kind: "file", target: LOG },
        { kind: "sqlite", target: "/x.db" },
        { kind: "webhook", target: "https://h" },
      ],
      ports,
    });
    expect(opened.ok ? [] : opened.reason.map((problem) => problem.message)).toEqual([
      'Cannot open audit sink "sqlite:/x.db": the database cannot be used (no)',
      'Cannot open audit sink "webhook:https://h": not available in this version',
    ]);
    expect([...disk.locked]).toEqual([]);
  });

  it("is a signing key that is none", async () => {
    const opened = await openRecorder({
      sinks: [{ kind: "stdout", target: "" }],
      ports: auditPorts(),
      signingKey: "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
    });
    expect(opened.ok ? "" : opened.reason[0]?.message).toMatch(/not an Ed25519 private key/);
    expect(JSON.stringify(opened)).not.toContain("c2VjcmV0");
  });
});
