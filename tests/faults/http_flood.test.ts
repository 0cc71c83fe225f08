import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { expect, it } from "vitest";
import { writeSetup } from "../support/gateway.ts";
import { NomosProcess } from "../support/nomos_process.ts";
import { TempFolder } from "../support/temp_folder.ts";
import type { FloodReport } from "./support/flood_clients.ts";

const CLIENTS = fileURLToPath(new URL("support/flood_clients.ts", import.meta.url));
/** Thousands of connections need more descriptors than many systems give at first. */
const MANY_FILES = 'ulimit -n "$(ulimit -Hn)"; exec "$@"';

function flood(port: number, seconds: number): Promise<FloodReport> {
  const command = [
    process.execPath,
    "run",
    "-A",
    "--quiet",
    CLIENTS,
    String(port),
    String(seconds),
  ];
  return new Promise((resolve, reject) => {
    execFile(
      "sh",
      ["-c", MANY_FILES, "sh", ...command],
      { timeout: 50_000 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${error.message}\n${stderr}`));
        else resolve(JSON.parse(stdout));
      },
    );
  });
}

/** Resident memory of a process in MiB; 0 where the system does not tell. */
function residentMiB(pid: number): number {
  try {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kib ?? 0) / 1024;
  } catch {
    return 0;
  }
}

it("signed requests are answered through 500 slow headers, 64 slow bodies and 2,000 idle connections", async () => {
  using folder = new TempFolder();
  const config = writeSetup(folder, {
    config: { gateway: { listener: "node", concurrency_limit: 4 } },
  });
  await using nomos = await NomosProcess.serve(config, {}, ["sh", "-c", MANY_FILES, "sh"]);
  const before = residentMiB(nomos.pid);
  const report = await flood(nomos.port, 12);
  expect(report.failed).toEqual([]);
  expect(report.answered).toBeGreaterThan(100);
  expect(report.worstMs).toBeLessThan(2_000);
  expect(report.medianMs).toBeLessThan(100);
  // The slow ones were cut; the idle ones have 60 seconds.
  expect(report.open).toEqual({ headers: 0, bodies: 0, idle: 2_000 });
  expect(residentMiB(nomos.pid) - before).toBeLessThan(300);
  nomos.kill("SIGTERM");
  expect(await nomos.exited).toEqual({ code: 0, signal: null });
});
