import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  livingMarked,
  livingWith,
  ProcessWorld,
  sleepSign,
  type Told,
  until,
} from "../../support/processes.ts";

let world: ProcessWorld;

beforeAll(async () => {
  world = await ProcessWorld.open();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const BOTH = ["none", "local"] as const;

/** Ways in which a process tries to be still there afterwards; `SLEEP` stands for a command that sleeps for ever. */
const WAYS: Readonly<Record<string, string>> = {
  "a child": "SLEEP & wait",
  "a child in the background of a parent that ends": "(SLEEP &) ; SLEEP",
  "a child that ignores TERM": "trap '' TERM HUP INT; SLEEP & wait; wait; wait",
  "setsid": "setsid SLEEP & SLEEP",
  "setsid twice, with a parent that ends": "setsid sh -c 'setsid SLEEP & exit' ; SLEEP",
  "a double fork": "sh -c 'sh -c \"SLEEP &\" & exit' ; SLEEP",
  "nohup": "nohup SLEEP >/dev/null 2>&1 & SLEEP",
  "nohup and setsid": "nohup setsid SLEEP >/dev/null 2>&1 & SLEEP",
  "an empty environment in the same group": "env -i SLEEP & SLEEP",
  "a chain that starts the next one when it is ended":
    "trap 'setsid sh -c \"trap : TERM; SLEEP; SLEEP\" &' TERM; SLEEP & wait; wait",
};

function script(way: string): { script: string; sign: string } {
  const sign = sleepSign();
  return { script: (WAYS[way] ?? "").replaceAll("SLEEP", `sleep ${sign}`), sign };
}

describe("after the time is over, nothing that was started lives", () => {
  for (const sandbox of BOTH) {
    for (const way of Object.keys(WAYS)) {
      it(`${way} (${sandbox})`, async () => {
        const { script: text, sign } = script(way);
        const told = await world.sh(text, { sandbox, timeoutMs: 200 });
        expect(told.ended).toBe("timeout");
        expect(livingWith(sign)).toEqual([]);
      });
    }
  }
});

describe("after the caller went away, nothing that was started lives", () => {
  for (const sandbox of BOTH) {
    for (const way of ["a child that ignores TERM", "nohup and setsid"]) {
      it(`${way} (${sandbox})`, async () => {
        const { script: text, sign } = script(way);
        const gone = new AbortController();
        const running = world.sh(text, { sandbox, signal: gone.signal });
        await until(() => livingWith(sign).length > 0);
        gone.abort();
        expect((await running).ended).toBe("canceled");
        expect(livingWith(sign)).toEqual([]);
      });
    }
  }

  it("a process whose caller is gone already is not started", async () => {
    const told = await world.sh("echo ran > proof", { signal: AbortSignal.abort() });
    expect(told).toMatchObject({ ended: "canceled", stdout: "" });
    expect(world.folder.tree()["proof"]).toBe(undefined);
  });

  it("one that was cancelled at once is ended before it did anything for long", async () => {
    const sign = sleepSign();
    const gone = new AbortController();
    const running = world.run(["sleep", sign], { signal: gone.signal });
    queueMicrotask(() => gone.abort());
    expect((await running).ended).toBe("canceled");
    expect(livingWith(sign)).toEqual([]);
  });
});

describe("when the first process ends", () => {
  for (const sandbox of BOTH) {
    const HOLDERS = {
      "a child": "SLEEP & echo done",
      "a grandchild whose parent ended": "(SLEEP &) ; echo done",
      "one in a session of its own": "setsid SLEEP & echo done",
    };
    for (const [who, text] of Object.entries(HOLDERS)) {
      it(`the answer comes though ${who} holds stdout open, and that one dies (${sandbox})`, async () => {
        const sign = sleepSign();
        const began = performance.now();
        const told = await world.sh(text.replace("SLEEP", `sleep ${sign}`), { sandbox });
        expect(told).toMatchObject({ stdout: "done\n", code: 0, ended: "exit" });
        expect(performance.now() - began).toBeLessThan(5_000);
        expect(livingWith(sign)).toEqual([]);
      });
    }
  }

  it("what it wrote at last is not lost", async () => {
    const told = await world.sh("head -c 60000 /dev/zero | tr '\\0' x; printf end");
    expect(told.stdout.length).toBe(60_003);
    expect(told.stdout.endsWith("xend")).toBe(true);
  });

  it("the answer does not wait for one that escaped by erasing its mark", async () => {
    const sign = sleepSign();
    const began = performance.now();
    const told = await world.sh(`setsid env -i sleep ${sign} & sleep 0.05; echo done`);
    const escaped = livingWith(sign);
    for (const pid of escaped) process.kill(pid, "SIGKILL");
    expect(told).toMatchObject({ stdout: "done\n", ended: "exit" });
    expect(performance.now() - began).toBeLessThan(3_000);
    // This is what the profile cannot do; the sandbox can.
    expect(escaped.length).toBe(1);
  });

  it("nobody escapes the sandbox by erasing the mark", async () => {
    const sign = sleepSign();
    const text = `setsid env -i sleep ${sign} & sleep 0.05; echo done`;
    expect((await world.sh(text, { sandbox: "local" })).stdout).toBe("done\n");
    expect(livingWith(sign)).toEqual([]);
  });
});

describe("TERM comes before KILL", () => {
  for (const sandbox of BOTH) {
    it(`so that a process can tidy up (${sandbox})`, async () => {
      const text = "trap 'echo tidy; exit 3' TERM; echo ready; while :; do sleep 0.01; done";
      const told = await world.sh(text, { sandbox, timeoutMs: 300 });
      expect(told).toMatchObject({ stdout: "ready\ntidy\n", code: 3, ended: "timeout" });
    });

    it(`and whoever ignores it is killed after a second (${sandbox})`, async () => {
      const began = performance.now();
      const text = "trap '' TERM; while :; do sleep 0.05; done";
      const told: Told = await world.sh(text, { sandbox, timeoutMs: 100 });
      expect(told).toMatchObject({ code: 137, ended: "timeout" });
      expect(performance.now() - began).toBeLessThan(4_000);
    });
  }
});

it("ends nothing that does not belong to the command", async () => {
  const sign = sleepSign();
  const gone = new AbortController();
  const other = world.run(["sleep", sign], { signal: gone.signal });
  await until(() => livingWith(sign).length > 0);
  await world.sh("setsid sleep 50 & exit 0");
  await world.sh("sleep 50", { timeoutMs: 50 });
  expect(livingWith(sign).length).toBe(1);
  gone.abort();
  await other;
});

it("marks what it starts, and nobody bears the mark afterwards", async () => {
  const told = await world.sh("echo $NOMOS_EXEC_ID; setsid sleep 50 & (sleep 50 &)");
  const mark = told.stdout.trim();
  expect(mark).toMatch(/^[0-9a-f]{32}$/);
  expect(livingMarked(mark)).toEqual([]);
});
