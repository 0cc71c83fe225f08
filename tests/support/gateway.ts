import { expect } from "vitest";
import { createAdapters } from "../../cli/adapters/mod.ts";
import { createDoor, type HttpDoor } from "../../core/http/mod.ts";
import { type Config, loadConfig } from "../../core/config/mod.ts";
import type { AuditFilter } from "../../core/audit/mod.ts";
import { formatProblem, type JsonObject } from "../../core/encoding/mod.ts";
import { assemble, type Assembly } from "../../core/engine/assemble.ts";
import type { Adapters } from "../../core/ports/mod.ts";
import { publishedContract } from "./contract.ts";
import { actionDocument, signedHeaders, TEST_IDENTITY } from "./signed_request.ts";
import { TempFolder } from "./temp_folder.ts";

/** A config that tests change. */
export type ConfigPatch = Readonly<Record<string, unknown>>;

/** How a gateway is set up. */
export interface GatewaySetup {
  /** Sections of the config, laid over the usual one member by member. */
  readonly config?: ConfigPatch;
  /** Rules of the bundle; {@link TEST_RULES} unless said. */
  readonly rules?: readonly unknown[];
  /** Files of the workspace, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Exchanges adapters. */
  readonly adapters?: (real: Adapters) => Adapters;
}

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // deno-lint-ignore no-explicit-any -- tests look into documents that the test itself describes
  readonly body: any;
}

/** Reads README.md, keeps `.env` shut, asks before `guarded/`, lets the caller refund. */
export const TEST_RULES: readonly unknown[] = [
  {
    id: "read",
    action_type: "fs.read",
    resource: "file://workspace/**",
    decision: "ALLOW",
  },
  { id: "no-env", action_type: "*", resource: "file://workspace/.env", decision: "DENY" },
  {
    id: "ask",
    action_type: "fs.write",
    resource: "file://workspace/guarded/**",
    decision: "REQUIRE_APPROVAL",
  },
  { id: "write", action_type: "fs.write", resource: "file://workspace/free/**", decision: "ALLOW" },
  {
    id: "refund",
    action_type: "payments.refund",
    resource: "payment://shop.example.com/**",
    decision: "ALLOW",
  },
];

/** A whole gateway in this process: real files, a real database, no socket. */
export class TestGateway implements AsyncDisposable {
  readonly folder: TempFolder;
  readonly config: Config;
  readonly assembly: Assembly;
  readonly stopping = new AbortController();
  /** What the operator's log got. */
  readonly log: string[];
  readonly faults: unknown[] = [];
  readonly app: HttpDoor;

  private constructor(folder: TempFolder, config: Config, assembly: Assembly, log: string[]) {
    this.folder = folder;
    this.config = config;
    this.assembly = assembly;
    this.log = log;
    this.app = createDoor(assembly, config, {
      build: { version: "9.9.9", commit: "c0ffee", build_date: "2026-01-01T00:00:00Z" },
      runtime: "test",
      stopping: this.stopping.signal,
      onFault: (fault) => this.faults.push(fault),
    });
  }

  static async open(setup: GatewaySetup = {}): Promise<TestGateway> {
    const folder = new TempFolder();
    const path = writeSetup(folder, setup);
    const adapters = (setup.adapters ?? ((real) => real))(createAdapters());
    const loaded = await loadConfig({ ...adapters, path });
    if (!loaded.ok) throw new Error(loaded.reason.map(formatProblem).join("\n"));
    const log: string[] = [];
    const assembly = await assemble(loaded.value, adapters, {
      engineVersion: "9.9.9",
      log: (line) => log.push(line),
    });
    if (!assembly.ok) throw new Error(assembly.reason.map(formatProblem).join("\n"));
    return new TestGateway(folder, loaded.value.config, assembly.value, log);
  }

  /** Sends one request as it is, and holds the answer to the published contract. */
  async fetch(path: string, init: RequestInit = {}, gone?: AbortSignal): Promise<Answer> {
    const request = new Request(`http://localhost${path}`, init);
    const response = await this.app.fetch(
      request,
      gone === undefined ? undefined : { gone },
    );
    const answer = await readAnswer(response);
    expect(publishedContract().judge(init.method ?? "GET", path, answer)).toEqual([]);
    return answer;
  }

  /** Sends a signed document. */
  async post(
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Answer> {
    return await this.fetch(path, { method: "POST", body, headers: signedHeaders(body, headers) });
  }

  /** Sends an action. */
  async act(more: Readonly<Record<string, unknown>> = {}, path = "/action"): Promise<Answer> {
    return await this.post(path, actionDocument(more));
  }

  /** What is on record, oldest first. */
  async events(filter: AuditFilter = {}): Promise<readonly JsonObject[]> {
    const { reader } = this.assembly.recorder;
    if (reader === undefined) throw new Error("expected an audit sink that can be read");
    return await reader.find(filter, 10_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.assembly.close();
    this.folder[Symbol.dispose]();
  }
}

/** Writes config, bundle and workspace; returns the path of the config. */
export function writeSetup(folder: TempFolder, setup: GatewaySetup): string {
  const files = { "README.md": "read me\n", ".env": "SECRET=1\n", ...setup.files };
  for (const [path, content] of Object.entries(files)) folder.write(`workspace/${path}`, content);
  folder.write("bundle.json", JSON.stringify({ version: "v1", rules: setup.rules ?? TEST_RULES }));
  const usual = {
    policy: { policy_bundle_path: "bundle.json" },
    executor: { workspace_root: "workspace" },
    audit: { sink: "sqlite:audit.db" },
    gateway: { listen: "127.0.0.1:0", rate_limit_per_minute: 1_000_000 },
    identity: TEST_IDENTITY,
  };
  return folder.write("nomos.json", JSON.stringify(merged(usual, setup.config ?? {})));
}

function merged(base: Record<string, unknown>, patch: ConfigPatch): Record<string, unknown> {
  const result = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    const there = result[name];
    result[name] = isSection(there) && isSection(value) ? merged(there, value) : value;
  }
  return result;
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a response to its end. */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== "" ? JSON.parse(text) : undefined,
  };
}

/** Expects the body that every error has, and nothing in it that only we should know. */
export function expectError(answer: Answer, code: string): void {
  const { body } = answer;
  expect(body).toMatchObject({ decision: "DENY", error: { code } });
  expect(body.error.message).not.toBe("");
  expect(body.reason).toBe(`${code}: ${body.error.message}`);
  expect(answer.text).not.toMatch(/\\n\s+at |node_modules|\.ts:\d/);
}
