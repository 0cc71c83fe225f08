import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Driver, RUNTIMES } from "../../support/run_driver.ts";
import { TempFolder } from "../../support/temp_folder.ts";

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

const exit = { stdout: "", stderr: "", code: 0, ended: "exit", cut: false };

/** What every runtime must answer, for both profiles. */
const wishes = (sandbox: string) => [
  [sandbox, "env", { ...exit, stdout: "NOMOS_EXEC_ID\n" }],
  [sandbox, "input", { ...exit, stdout: "in" }],
  [sandbox, "no input", exit],
  [sandbox, "code", { ...exit, stdout: "out\n", stderr: "err\n", code: 7 }],
  [sandbox, "signal", { ...exit, code: 137 }],
  [sandbox, "holder", { ...exit, stdout: "done\n" }],
  // Which of the processes that are being ended is the last to answer depends on the moment, and nobody is told its code.
  [sandbox, "timeout", { ...exit, code: expect.any(Number), ended: "timeout" }],
  [sandbox, "flood", { stderr: "end", code: 0, ended: "exit", cut: true, length: 1_000 }],
];

describe("processes under each runtime", () => {
  for (const runtime of RUNTIMES) {
    it(`run the same under ${runtime}`, async () => {
      const { code, values } = await driver.start(runtime, ["basics", folder.path]).ended;
      expect(values).toEqual([
        ...wishes("none"),
        ...wishes("local"),
        ["none", "missing", {
          code: "not_found",
          message: 'Cannot run "no-such-program": there is no such program on executor.path',
        }],
      ]);
      expect(code).toBe(0);
    });

    it(`may print without end, and cost no memory, under ${runtime}`, async () => {
      const running = driver.start(runtime, ["flood", folder.path, "300000000", "none"]);
      const { values: [told] } = await running.ended;
      expect(told).toMatchObject({ code: 0, cut: true, kept: [131_072, 131_072] });
      expect(told).toHaveProperty("growth");
      // A runtime of its own takes some; printing more takes no more.
      expect((told as { growth: number }).growth).toBeLessThan(MOST_MB[runtime]);
    });
  }
});

/** Node allocates for every piece and lets it lie for a while. */
const MOST_MB = { deno: 50, node: 120 };
