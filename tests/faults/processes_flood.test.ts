import { describe, expect, it } from "vitest";
import { Driver } from "../support/run_driver.ts";
import { TempFolder } from "../support/temp_folder.ts";

describe("a process that prints five gigabytes", () => {
  for (const sandbox of ["none", "local"]) {
    it(`runs to its end and costs less than 50 MB of memory (${sandbox})`, async () => {
      using driver = await Driver.bundle();
      using folder = new TempFolder();
      const running = driver.start("deno", ["flood", folder.path, "2500000000", sandbox]);
      const { values: [told] } = await running.ended;
      expect(told).toMatchObject({ code: 0, ended: "exit", cut: true });
      expect((told as { growth: number }).growth).toBeLessThan(50);
    });
  }
});
