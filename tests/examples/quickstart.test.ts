import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { EXAMPLES } from "./support/examples.ts";

it("the quickstart allows one request, denies another, and leaves an intact audit", () => {
  const script = join(EXAMPLES, "../scripts/quickstart.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["run", "-A", "-q", script], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/allow-readme: HTTP 200\n\{\n {2}"decision": "ALLOW"/);
  expect(stdout).toMatch(/deny-env: HTTP 200\n\{\n {2}"decision": "DENY"/);
  expect(stdout).not.toContain("not-a-real-password");
  expect(stdout.trimEnd()).toMatch(/\nintact$/);
});
