import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { livingWith, sleepSign, until } from "../support/processes.ts";
import { Driver, RUNTIMES } from "../support/run_driver.ts";
import { TempFolder } from "../support/temp_folder.ts";

let driver: Driver;
let folder: TempFolder;

beforeAll(async () => {
  driver = await Driver.bundle();
  folder = new TempFolder();
});

afterAll(() => {
  driver[Symbol.dispose]();
  folder[Symbol.dispose]();
});

describe("when Nomos ends", () => {
  for (const runtime of RUNTIMES) {
    for (const sandbox of ["none", "local"]) {
      it(`by SIGTERM, nothing it has started lives (${runtime}, ${sandbox})`, async () => {
        const sign = sleepSign();
        const script =
          `trap '' TERM; (setsid nohup sleep ${sign} >/dev/null 2>&1 &); sleep ${sign}; sleep ${sign}`;
        const running = driver.start(runtime, ["hold", folder.path, script, sandbox]);
        await until(() => livingWith(sign).length >= 2);
        running.signal("SIGTERM");
        const { code, values } = await running.ended;
        expect(values.at(-1)).toMatchObject({ ended: "canceled" });
        expect(code).toBe(0);
        expect(livingWith(sign)).toEqual([]);
      });
    }

    it(`without waiting, nothing it has started lives (${runtime})`, async () => {
      const sign = sleepSign();
      const script = `setsid sleep ${sign} & sleep ${sign}`;
      const running = driver.start(runtime, ["leave", folder.path, script]);
      await until(() => livingWith(sign).length === 2);
      expect((await running.ended).code).toBe(0);
      await until(() => livingWith(sign).length === 0);
    });

    it(`by SIGKILL, nothing in the sandbox lives (${runtime})`, async () => {
      const sign = sleepSign();
      const script = `(setsid sleep ${sign} &); sleep ${sign}`;
      const running = driver.start(runtime, ["hold", folder.path, script, "local"]);
      await until(() => livingWith(sign).length >= 2);
      running.signal("SIGKILL");
      await running.ended;
      await until(() => livingWith(sign).length === 0);
    });
  }
});
