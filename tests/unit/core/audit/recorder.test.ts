import { describe, expect, it, vi } from "vitest";
import type { AuditHealth } from "../../../../core/audit/mod.ts";
import {
  auditPorts,
  decision,
  openTestRecorder,
  parsedLines,
  verifyText,
} from "../../../support/audit.ts";
import { MemoryStorage } from "../../../support/memory_storage.ts";

const LOG = "/log.jsonl";

function setUp(more: Parameters<typeof openTestRecorder>[2] = {}, sinks = `file:${LOG}`) {
  const disk = new MemoryStorage();
  const open = () => openTestRecorder(sinks, auditPorts(disk), more);
  const stored = () => parsedLines(disk.text(LOG));
  return { disk, open, stored };
}

describe("recording", () => {
  it("answers with a receipt once the events are on disk", async () => {
    const { disk, open, stored } = setUp();
    const recorder = await open();
    const recorded = await recorder.record([decision("a"), decision("b")]);
    expect(recorded.ok && recorded.value.durable).toBe(true);
    expect(stored().map((event) => [event.seq, event.action_id])).toEqual([[1, "a"], [2, "b"]]);
    expect(disk.syncs).toBe(1);
  });

  it("gives a receipt that is good for one use", async () => {
    const recorder = await setUp().open();
    const recorded = await recorder.record([decision("a")]);
    if (!recorded.ok) throw new Error("refused");
    recorded.value.spend();
    expect(() => recorded.value.spend()).toThrow("permits one action");
  });

  it("does not give a receipt for nothing", async () => {
    const recorder = await setUp().open();
    expect(() => recorder.record([])).toThrow("at least one");
  });

  it("lets events that come together share one commit, in their order", async () => {
    const { disk, open, stored } = setUp();
    const recorder = await open();
    await Promise.all(Array.from({ length: 64 }, (_, i) => recorder.record([decision(`a${i}`)])));
    expect(disk.syncs).toBe(1);
    expect(stored().map((event) => event.action_id)).toEqual(
      Array.from({ length: 64 }, (_, i) => `a${i}`),
    );
  });

  it("never splits what is recorded together", async () => {
    const { disk, open } = setUp({ maxBatch: 4 });
    const recorder = await open();
    const three = [decision("a"), decision("a"), decision("a")];
    await Promise.all([1, 2, 3, 4].map(() => recorder.record(three)));
    expect(disk.syncs).toBe(2);
  });

  it("syncs nothing when the operator wants to survive the process only", async () => {
    const { disk, open } = setUp({ durability: "normal" });
    await (await open()).record([decision("a")]);
    expect(disk.syncs).toBe(0);
  });

  it("stores what the redactor made of an event", async () => {
    const { open, stored } = setUp({ scrub: (event) => ({ ...event, resource: "[REDACTED]" }) });
    await (await open()).record([decision("a")]);
    expect(stored()[0]?.resource).toBe("[REDACTED]");
  });

  it("writes the same chain to every sink", async () => {
    const { disk, open } = setUp({}, `stdout,file:${LOG},file:/other.jsonl,stderr`);
    await (await open()).record([decision("a")]);
    const text = disk.text(LOG);
    expect(text).not.toBe("");
    expect([disk.text("/other.jsonl"), disk.streams.stdout, disk.streams.stderr]).toEqual([
      text,
      text,
      text,
    ]);
  });

  it("tells listeners each record until they stop", async () => {
    const recorder = await setUp().open();
    const heard: number[] = [];
    const stop = recorder.subscribe((record) => heard.push(record.seq));
    await recorder.record([decision("a")]);
    stop();
    await recorder.record([decision("b")]);
    expect(heard).toEqual([1]);
  });
});

describe("checkpoints", () => {
  it("follow so many events, and the last event", async () => {
    const { open, stored } = setUp({ checkpointEvery: 3 });
    const recorder = await open();
    for (const id of ["a", "b", "c", "d"]) await recorder.record([decision(id)]);
    expect(await recorder.close()).toBe(true);
    expect(stored().map((event) => event.event_type)).toEqual([
      ...Array(3).fill("action.decision"),
      "audit.checkpoint",
      "action.decision",
      "audit.checkpoint",
    ]);
    const [, , third, checkpoint] = stored();
    expect(checkpoint?.executor_metadata).toEqual({ count: 3, head_hash: third?.event_hash });
  });

  it("are not written where nothing happened", async () => {
    const { open, stored } = setUp();
    await (await open()).close();
    expect(stored()).toEqual([]);
  });
});

describe("a sink that fails", () => {
  it("refuses what waits for its record, and leaves no trace of it", async () => {
    const { disk, open } = setUp();
    const recorder = await open();
    await recorder.record([decision("a")]);
    const before = disk.text(LOG);
    disk.free = 100;
    const refused = await recorder.record([decision("b")]);
    expect(refused.ok ? "" : refused.reason.code).toBe("audit_unavailable");
    expect(disk.text(LOG)).toBe(before);
    expect(recorder.health()).toEqual({
      ok: false,
      sinks: [{ name: `file:${LOG}`, ok: false, message: "no space left on device" }],
    });
  });

  it("is well again with the next event once the cause is gone, and the log tells of it", async () => {
    const { disk, open, stored } = setUp();
    const recorder = await open();
    await recorder.record([decision("a")]);
    disk.free = 10;
    await recorder.record([decision("b")]);
    await recorder.record([decision("c")]);
    disk.free = Infinity;
    expect((await recorder.record([decision("d")])).ok).toBe(true);
    expect(recorder.health().ok).toBe(true);
    const [first, recovered, last] = stored();
    expect([first?.action_id, last?.action_id]).toEqual(["a", "d"]);
    expect(recovered).toMatchObject({
      event_type: "audit.recovered",
      executor_metadata: {
        cause: "sink_failure",
        refused: 2,
        sinks: { [`file:${LOG}`]: "no space left on device" },
      },
    });
    expect((await verifyText(disk.text(LOG))).status).toBe("intact");
  });

  it("keeps what has already happened, in order, until it is recorded", async () => {
    const { disk, open, stored } = setUp();
    const recorder = await open();
    disk.free = 0;
    const waiting = await Promise.all([
      recorder.recordAfter([decision("a")]),
      recorder.recordAfter([decision("b")]),
    ]);
    expect(waiting).toEqual(["waiting", "waiting"]);
    disk.free = Infinity;
    expect(await recorder.recordAfter([decision("c")])).toBe("recorded");
    expect(stored().map((event) => event.action_id)).toEqual([undefined, "a", "b", "c"]);
  });

  it("is asked again after a while, without any event", async () => {
    const { disk, open, stored } = setUp({ retryMs: 1 });
    const recorder = await open();
    disk.free = 0;
    await recorder.recordAfter([decision("a")]);
    disk.free = Infinity;
    await vi.waitFor(() => expect(recorder.health().ok).toBe(true));
    expect(stored().map((event) => event.action_id)).toEqual([undefined, "a"]);
    await recorder.close();
  });

  it("does not keep a batch whose sync failed", async () => {
    const { disk, open, stored } = setUp();
    const recorder = await open();
    disk.syncFails = true;
    expect((await recorder.record([decision("a")])).ok).toBe(false);
    expect(stored()).toEqual([]);
    disk.syncFails = false;
    expect((await recorder.record([decision("b")])).ok).toBe(true);
    expect((await verifyText(disk.text(LOG))).status).toBe("intact");
  });

  it("begins a new chain when nobody knows what it holds", async () => {
    const { disk, open, stored } = setUp();
    const recorder = await open();
    await recorder.record([decision("a")]);
    const [first] = stored();
    disk.free = 50;
    disk.truncateFails = true;
    expect((await recorder.record([decision("b")])).ok).toBe(false);
    disk.free = Infinity;
    expect((await recorder.record([decision("c")])).ok).toBe(true);
    await recorder.close();
    const report = await verifyText(disk.text(LOG));
    expect(report).toMatchObject({ status: "intact", chains: [{ last_seq: 1 }, { first_seq: 1 }] });
    expect(disk.text(LOG)).toContain(`"abandoned_hash":"${first?.event_hash}"`);
  });

  it("begins a new chain in a new file when the file was removed", async () => {
    const { disk, open } = setUp();
    const recorder = await open();
    await recorder.record([decision("a")]);
    disk.files.delete(LOG);
    expect((await recorder.record([decision("b")])).ok).toBe(false);
    expect((await recorder.record([decision("c")])).ok).toBe(true);
    const report = await verifyText(disk.text(LOG));
    expect(report).toMatchObject({ status: "intact", chains: [{ first_seq: 1, last_seq: 2 }] });
  });

  it("makes a stream begin a new chain: what its reader got is unknown", async () => {
    const { disk, open } = setUp({}, "stdout");
    const recorder = await open();
    await recorder.record([decision("a")]);
    disk.streamFails = true;
    expect((await recorder.record([decision("b")])).ok).toBe(false);
    disk.streamFails = false;
    await recorder.record([decision("c")]);
    const report = await verifyText(disk.streams.stdout);
    expect(report).toMatchObject({ status: "intact", chains: [{ last_seq: 1 }, { last_seq: 2 }] });
  });
});

describe("one sink of several that fails", () => {
  const both = `file:${LOG},stdout`;

  it("refuses, and gets the very same records before anything else", async () => {
    const { disk, open, stored } = setUp({}, both);
    const recorder = await open();
    disk.streamFails = true;
    const refused = await recorder.record([decision("a")]);
    expect(refused.ok).toBe(false);
    expect(stored().map((event) => event.action_id)).toEqual(["a"]);
    expect((await recorder.record([decision("b")])).ok).toBe(false);
    disk.streamFails = false;
    expect((await recorder.record([decision("c")])).ok).toBe(true);
    expect(disk.streams.stdout).toBe(disk.text(LOG));
    expect(stored().map((event) => event.action_id)).toEqual(["a", undefined, "c"]);
    expect(stored()[1]?.executor_metadata).toMatchObject({ refused: 2, refused_seqs: [1] });
  });

  it("does not refuse what has already happened", async () => {
    const { disk, open, stored } = setUp({}, both);
    const recorder = await open();
    disk.streamFails = true;
    expect(await recorder.recordAfter([decision("a")])).toBe("waiting");
    disk.streamFails = false;
    await recorder.record([decision("b")]);
    expect(stored().map((event) => event.action_id)).toEqual(["a", undefined, "b"]);
    expect(stored()[1]?.executor_metadata).not.toHaveProperty("refused_seqs");
    expect(disk.streams.stdout).toBe(disk.text(LOG));
  });
});

describe("whoever is told", () => {
  it("of the health fails alone: what waits is refused all the same, and recorded once it can be", async () => {
    const { disk, open, stored } = setUp({
      onHealthChange: () => {
        throw new Error("the log is closed");
      },
    });
    const recorder = await open();
    disk.free = 0;
    const refused = await recorder.record([decision("a")]);
    expect(refused.ok || refused.reason.code).toBe("audit_unavailable");
    expect(recorder.health().ok).toBe(false);
    disk.free = Infinity;
    expect((await recorder.record([decision("b")])).ok).toBe(true);
    expect(stored().at(-1)?.action_id).toBe("b");
  });

  it("of records fails alone", async () => {
    const { open } = setUp();
    const recorder = await open();
    const seen: unknown[] = [];
    recorder.subscribe(() => {
      throw new Error("gone");
    });
    recorder.subscribe(({ event }) => seen.push(event.action_id));
    expect((await recorder.record([decision("a"), decision("b")])).ok).toBe(true);
    expect(await recorder.close()).toBe(true);
    expect(seen.slice(0, 2)).toEqual(["a", "b"]);
  });
});

describe("failing open", () => {
  it("lets actions run with a receipt that says so, and records them later", async () => {
    const told: AuditHealth[] = [];
    const { disk, open, stored } = setUp({
      failOpen: true,
      onHealthChange: (health) => told.push(health),
    });
    const recorder = await open();
    disk.free = 0;
    const recorded = await recorder.record([decision("a")]);
    expect(recorded.ok && recorded.value.durable).toBe(false);
    expect(told.map((health) => health.ok)).toEqual([false]);
    disk.free = Infinity;
    await recorder.record([decision("b")]);
    expect(stored().map((event) => event.action_id)).toEqual([undefined, "a", "b"]);
    expect(told.map((health) => health.ok)).toEqual([false, true]);
  });

  it("gives up the oldest events when too many wait, and says how many", async () => {
    const { disk, open, stored } = setUp({ failOpen: true });
    const recorder = await open();
    disk.free = 0;
    await Promise.all(
      Array.from({ length: 10_002 }, (_, i) => recorder.record([decision(`a${i}`)])),
    );
    disk.free = Infinity;
    // One sink that works again is enough to see the front of what waited.
    const first = recorder.record([decision("z")]);
    await first;
    expect(stored()[0]?.executor_metadata).toMatchObject({ dropped: 2 });
    expect(stored()[1]?.action_id).toBe("a2");
  }, 30_000);
});

describe("closing", () => {
  it("records what waits before it closes", async () => {
    const { open, stored } = setUp();
    const recorder = await open();
    const recorded = recorder.record([decision("a")]);
    expect(await recorder.close()).toBe(true);
    expect((await recorded).ok).toBe(true);
    expect(stored().map((event) => event.event_type)).toEqual([
      "action.decision",
      "audit.checkpoint",
    ]);
  });

  it("tries once more what waited, and says when it could not", async () => {
    const { disk, open } = setUp();
    const recorder = await open();
    disk.free = 0;
    await recorder.recordAfter([decision("a")]);
    expect(await recorder.close()).toBe(false);
  });

  it("saves what waited when the sink is well again", async () => {
    const { disk, open, stored } = setUp();
    const recorder = await open();
    disk.free = 0;
    await recorder.recordAfter([decision("a")]);
    disk.free = Infinity;
    expect(await recorder.close()).toBe(true);
    expect(stored().map((event) => event.event_type)).toEqual([
      "audit.recovered",
      "action.decision",
      "audit.checkpoint",
    ]);
  });

  it("refuses whatever comes later", async () => {
    const recorder = await setUp().open();
    await recorder.close();
    const refused = await recorder.record([decision("a")]);
    expect(refused.ok ? "" : refused.reason.code).toBe("audit_unavailable");
    expect(await recorder.recordAfter([decision("b")])).toBe("waiting");
    expect(await recorder.close()).toBe(true);
  });

  it("frees the lock", async () => {
    const { disk, open } = setUp();
    const recorder = await open();
    expect([...disk.locked]).toEqual([`${LOG}.lock`]);
    await recorder.close();
    expect([...disk.locked]).toEqual([]);
  });
});
