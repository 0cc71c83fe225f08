import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewaySetup, writeSetup } from "../support/gateway.ts";
import { LISTENERS } from "../support/listening.ts";
import { NomosProcess } from "../support/nomos_process.ts";
import { exchange, RawClient, wireRequest } from "../support/raw_client.ts";
import { actionDocument, signedHeaders } from "../support/signed_request.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** A server that takes its time. */
let target: Server;
let targetPort: number;
let reached: number;

beforeEach(async () => {
  reached = 0;
  target = createServer((request, response) => {
    reached++;
    const ms = Number(new URL(request.url ?? "/", "http://target").pathname.slice(1));
    setTimeout(() => response.end("at last"), ms);
  });
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  const address = target.address();
  targetPort = typeof address === "object" && address !== null ? address.port : 0;
});

afterEach(() => {
  target.closeAllConnections();
  target.close();
});

function setup(kind: "node" | "deno", shutdownTimeoutMs: number): GatewaySetup {
  return {
    config: {
      gateway: { listener: kind, shutdown_timeout_ms: shutdownTimeoutMs },
      executor: { allow_private_networks: ["127.0.0.1/32"], http_timeout_ms: 20_000 },
      audit: { sink: "file:audit.jsonl" },
    },
    rules: [
      {
        id: "fetch",
        action_type: "net.http_request",
        resource: `url://127.0.0.1:${targetPort}/**`,
        decision: "ALLOW",
        obligations: { net_allowlist: [`http://127.0.0.1:${targetPort}`] },
      },
    ],
  };
}

/** An action that takes so many milliseconds. */
function slowAction(ms: number): string {
  const body = actionDocument({
    action_id: "act_slow",
    action_type: "net.http_request",
    resource: `url://127.0.0.1:${targetPort}/${ms}`,
    params: { scheme: "http" },
  });
  const headers = { ...signedHeaders(body), "content-length": String(body.length) };
  return wireRequest("POST /action HTTP/1.1", headers, body);
}

const HEALTH = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

async function underWay(client: RawClient, ms: number): Promise<void> {
  const before = reached;
  client.send(slowAction(ms));
  await expect.poll(() => reached, { timeout: 5_000 }).toBe(before + 1);
}

function auditTypes(folder: TempFolder): readonly string[] {
  return folder.read("audit.jsonl").trim().split("\n").map((line) => JSON.parse(line).event_type);
}

describe.each(LISTENERS)("nomos serve on the %s listener", (kind) => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "ends at once when nothing is open: %s",
    async (signal) => {
      using folder = new TempFolder();
      await using nomos = await NomosProcess.serve(writeSetup(folder, setup(kind, 5_000)));
      await using idle = await RawClient.open(nomos.port);
      idle.send(HEALTH);
      await idle.until(() => idle.text.endsWith("ok"), 3_000);
      const began = performance.now();
      nomos.kill(signal);
      expect(await nomos.exited).toEqual({ code: 0, signal: null });
      expect(performance.now() - began).toBeLessThan(3_000);
      expect(auditTypes(folder)).toEqual([
        "runtime.started",
        "runtime.shutdown",
        "audit.checkpoint",
      ]);
    },
  );

  it("lets an action end that is under way, and takes nothing new", async () => {
    using folder = new TempFolder();
    await using nomos = await NomosProcess.serve(writeSetup(folder, setup(kind, 5_000)));
    await using acting = await RawClient.open(nomos.port);
    await using kept = await RawClient.open(nomos.port);
    await using late = await RawClient.open(nomos.port);
    kept.send(HEALTH);
    late.send(HEALTH);
    await kept.until(() => kept.text.endsWith("ok"), 3_000);
    await late.until(() => late.text.endsWith("ok"), 3_000);
    await underWay(acting, 1_000);
    nomos.kill("SIGTERM");
    await expect.poll(() => nomos.stderr, { timeout: 3_000 }).toContain("stopping");

    kept.send(HEALTH);
    await kept.until(() => kept.text.includes("shutting down"), 3_000);
    expect(kept.text).toContain("HTTP/1.1 503 ");
    late.send(slowAction(1));
    await late.until(() => late.text.includes("shutting_down"), 3_000);
    expect(late.text).toContain("HTTP/1.1 503 ");
    const fresh = await exchange(nomos.port, HEALTH, 200).catch(() => ({ text: "" }));
    if (kind === "node") expect(fresh.text).toBe("");
    else expect(fresh.text).toContain("HTTP/1.1 503 ");

    await acting.until(() => acting.text.includes("at last"), 5_000);
    expect(acting.text).toContain("HTTP/1.1 200 ");
    expect(await nomos.exited).toEqual({ code: 0, signal: null });
    expect(auditTypes(folder).slice(-4)).toEqual([
      "action.completed",
      "trace.end",
      "runtime.shutdown",
      "audit.checkpoint",
    ]);
  });

  it("cancels what takes longer than it may, has it on record, and ends well", async () => {
    using folder = new TempFolder();
    await using nomos = await NomosProcess.serve(writeSetup(folder, setup(kind, 400)));
    await using acting = await RawClient.open(nomos.port);
    await underWay(acting, 15_000);
    const began = performance.now();
    nomos.kill("SIGTERM");
    expect(await nomos.exited).toEqual({ code: 0, signal: null });
    const ms = performance.now() - began;
    expect(ms).toBeGreaterThan(350);
    expect(ms).toBeLessThan(4_000);
    expect(auditTypes(folder)).toContain("action.completed");
    expect(auditTypes(folder).at(-2)).toBe("runtime.shutdown");
    expect(acting.text).toMatch(/^HTTP\/1\.1 \d{3} /);
  });

  it("ends at once at the second signal", async () => {
    using folder = new TempFolder();
    await using nomos = await NomosProcess.serve(writeSetup(folder, setup(kind, 60_000)));
    await using acting = await RawClient.open(nomos.port);
    await underWay(acting, 15_000);
    nomos.kill("SIGTERM");
    await expect.poll(() => nomos.stderr, { timeout: 3_000 }).toContain("stopping");
    const began = performance.now();
    nomos.kill("SIGINT");
    expect(await nomos.exited).toEqual({ code: 130, signal: null });
    expect(performance.now() - began).toBeLessThan(1_500);
  });
});

describe("nomos serve that cannot listen", () => {
  it("says why and ends with 2", async () => {
    using folder = new TempFolder();
    const config = writeSetup(folder, {
      config: { gateway: { listen: `127.0.0.1:${targetPort}` } },
    });
    await expect(NomosProcess.serve(config)).rejects.toThrow(
      `Cannot listen on "127.0.0.1:${targetPort}": another process listens there, expected a free address`,
    );
  });
});
