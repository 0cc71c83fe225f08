import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { livingMarked, livingWith, ProcessWorld, sleepSign } from "../support/processes.ts";

let world: ProcessWorld;

beforeAll(async () => {
  world = await ProcessWorld.open();
  // Each starts its successor in a session of its own and ends: nobody lives for longer than two milliseconds.
  world.folder.write("hop.sh", "[ -e stop ] && exit; setsid sh hop.sh $1 &\nexit 0\n");
  // Each starts two, and those two more, in sessions of their own; nine generations and no more.
  world.folder.write(
    "bomb.sh",
    "[ -e stop ] && exit; [ $2 -gt 8 ] && exec sleep $1; " +
      "setsid sh bomb.sh $1 $(($2+1)) & setsid sh bomb.sh $1 $(($2+1)) & sleep 0.1; exit 0\n",
  );
});

afterAll(async () => {
  world.folder.write("stop", "");
  await new Promise((resolve) => setTimeout(resolve, 500));
  await world[Symbol.asyncDispose]();
});

/** Looks often: who lives shortly is seldom seen. */
async function seenLater(sign: string): Promise<number> {
  let seen = 0;
  for (let i = 0; i < 100; i++) {
    seen += livingWith(sign).length;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return seen;
}

describe("processes that run away", () => {
  for (const sandbox of ["none", "local"] as const) {
    for (const count of [1, 5, 20]) {
      it(`by hopping, ${count} at a time, are all caught (${sandbox})`, async () => {
        const sign = sleepSign();
        const script = `for i in $(seq ${count}); do sh hop.sh ${sign} & done; sleep 50`;
        const told = await world.sh(script, { sandbox, timeoutMs: 200 });
        expect(told).toMatchObject({ ended: "timeout" });
        expect(await seenLater(sign)).toBe(0);
      });
    }

    it(`by becoming more are all caught (${sandbox})`, async () => {
      const sign = sleepSign();
      const told = await world.sh(`sh bomb.sh ${sign} 0; sleep 50`, { sandbox, timeoutMs: 400 });
      expect(told).toMatchObject({ ended: "timeout" });
      expect(await seenLater(sign)).toBe(0);
    });
  }

  it("are caught when the first process ends on its own", async () => {
    const sign = sleepSign();
    const told = await world.sh(`sh hop.sh ${sign} & sh hop.sh ${sign} & exit 4`);
    expect(told).toMatchObject({ code: 4, ended: "exit" });
    expect(await seenLater(sign)).toBe(0);
  });
});

describe("many processes at once", () => {
  it("do not end each other, whether they end, are ended or are cancelled", async () => {
    const signs = Array.from({ length: 60 }, sleepSign);
    const ends = await Promise.all(signs.map(async (sign, i) => {
      const gone = new AbortController();
      const script = [
        `echo ${i}; (setsid sleep ${sign} &); exit ${i}`,
        `echo ${i}; trap '' TERM; (setsid sleep ${sign} &); sleep ${sign}; wait`,
        `echo ${i}; setsid sleep ${sign}`,
      ][i % 3] ?? "";
      if (i % 3 === 2) setTimeout(() => gone.abort(), 400 + i * 5);
      const told = await world.sh(script, {
        signal: gone.signal,
        timeoutMs: i % 3 === 1 ? 500 + i * 5 : 30_000,
        sandbox: i % 4 === 0 ? "local" : "none",
      });
      return `${told.stdout.trim()} ${told.ended} ${i % 3 === 0 ? told.code : ""}`;
    }));
    const wishes = signs.map((_, i) =>
      `${i} ${["exit", "timeout", "canceled"][i % 3]} ${i % 3 === 0 ? i : ""}`
    );
    expect(ends).toEqual(wishes);
    for (const sign of signs) expect(livingWith(sign)).toEqual([]);
  });

  it("leave nobody marked behind after a thousand short ones", async () => {
    const marks = new Set<string>();
    for (let i = 0; i < 1_000; i += 20) {
      const told = await Promise.all(
        Array.from({ length: 20 }, () => world.sh("echo $NOMOS_EXEC_ID; sleep 50 & exit 0")),
      );
      for (const { stdout } of told) marks.add(stdout.trim());
    }
    expect(marks.size).toBe(1_000);
    for (const mark of [...marks].slice(0, 50)) expect(livingMarked(mark)).toEqual([]);
    rmSync(world.folder.at("stop"), { force: true });
  });
});
