/**
 * What the HTTP door costs: `nomos serve` against a bare server on the same listener that reads the same body and
 * returns a constant of the same bytes. Both are processes of their own, loaded in turns by a third one over 64 keep-alive connections.
 */
import { fileURLToPath } from "node:url";
import { actionDocument, signedHeaders } from "../support/signed_request.ts";
import { writeSetup } from "../support/gateway.ts";
import { TempFolder } from "../support/temp_folder.ts";
import type { BenchRow } from "./row.ts";

const TURNS = 3;
const WINDOW_MS = 700;
const CONNECTIONS = 64;

/** One thing that is asked for over and over. */
interface Scenario {
  readonly name: string;
  readonly path: string;
  readonly document: Readonly<Record<string, unknown>>;
  readonly goal: string;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: "`/explain` of an allowed read, 100 rules",
    path: "/explain",
    document: { resource: "file://workspace/kilobyte.txt" },
    goal: "at least 0.25 (wanted 0.40)",
  },
  {
    name: "denied `/action`, four events in durable SQLite",
    path: "/action",
    document: { resource: "file://workspace/denied/secret.txt" },
    goal: "at least 0.10 (wanted 0.20)",
  },
  {
    name: "`fs.read` of 1 KB, four events in durable SQLite",
    path: "/action",
    document: { resource: "file://workspace/kilobyte.txt" },
    goal: "at least 0.06 (wanted 0.12)",
  },
];

/** Runs all measurements, about half a minute. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const kind of ["deno", "node"] as const) rows.push(...await measure(kind));
  return rows;
}

async function measure(kind: "node" | "deno"): Promise<BenchRow[]> {
  using folder = new TempFolder();
  const config = writeSetup(folder, {
    config: {
      gateway: {
        listener: kind,
        rate_limit_per_minute: 1_000_000_000,
        concurrency_limit: 10_000,
      },
      audit: { sink: "sqlite:audit.db", durability: "full" },
    },
    files: { "kilobyte.txt": "0123456789abcde\n".repeat(64) },
    rules: hundredRules(),
  });
  await using ours = await Server.start("cli/main.ts", ["serve", "-c", config]);
  const rows: BenchRow[] = [];
  for (const scenario of SCENARIOS) rows.push(await compare(kind, ours, scenario));
  return rows;
}

/** Both sides in turns; the bare one sends the very bytes that ours answers. */
async function compare(
  kind: "node" | "deno",
  ours: Server,
  { name, path, document, goal }: Scenario,
): Promise<BenchRow> {
  const body = actionDocument(document);
  const headers = signedHeaders(body);
  const url = `http://127.0.0.1:${ours.port}${path}`;
  const answer = await fetch(url, { method: "POST", body, headers });
  const constant = await answer.text();
  await using bare = await Server.start("tests/bench/support/bare_server.ts", [kind, constant]);
  const request = requestText(path, headers, body);
  const rates: { own: number[]; bare: number[] } = { own: [], bare: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    rates.bare.push(await load(bare.port, request));
    rates.own.push(await load(ours.port, request));
  }
  const own = 1e6 / median(rates.own);
  const theirs = 1e6 / median(rates.bare);
  const listener = kind === "deno" ? "`Deno.serve`" : "`node:http`";
  return {
    name: `${name}, ${listener}`,
    ours: own,
    theirs,
    unit: "µs/request",
    ratio: theirs / own,
    goal,
  };
}

/** A policy of usual size: what is asked for is decided by one of many rules. */
function hundredRules(): readonly unknown[] {
  const others = Array.from({ length: 98 }, (_, i) => ({
    id: `rule-${String(i).padStart(3, "0")}`,
    action_type: ["fs.read", "fs.write", "process.exec", "net.http_request"][i % 4],
    resource: i % 4 === 3 ? `url://api${i}.example.com/**` : `file://workspace/area${i}/**`,
    decision: i % 5 === 0 ? "DENY" : "ALLOW",
    ...(i % 4 === 2 ? { exec_match: { argv_patterns: [["make", `target${i}`, "**"]] } } : {}),
  }));
  const read = { action_type: "fs.read" };
  return [
    ...others,
    { ...read, id: "kilobyte", resource: "file://workspace/kilobyte.txt", decision: "ALLOW" },
    { ...read, id: "denied", resource: "file://workspace/denied/**", decision: "DENY" },
  ];
}

function requestText(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const length = `content-length: ${body.length}`;
  return [`POST ${path} HTTP/1.1`, ...lines, length, "", body].join("\r\n");
}

/** Answers a second. */
async function load(port: number, request: string): Promise<number> {
  const args = [String(port), String(CONNECTIONS), String(WINDOW_MS), btoa(request)];
  const { success, stdout, stderr } = await deno("tests/bench/support/load.ts", args).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`the load failed:\n${decoder.decode(stderr)}`);
  return Number(decoder.decode(stdout));
}

/** A server in a process of its own. */
class Server implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly port: number;

  private constructor(child: Deno.ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(script: string, args: readonly string[]): Promise<Server> {
    const child = deno(script, args).spawn();
    const port = await Promise.race([portIn(child.stdout), portIn(child.stderr)]);
    return new Server(child, port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
  }
}

/** The port that a server says it listens on. What it says later is read and forgotten. */
async function portIn(stream: ReadableStream<Uint8Array>): Promise<number> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value);
    const port = /listening on http:\/\/[^\s]+:([0-9]+)/.exec(text)?.[1];
    if (port !== undefined) {
      void forget(reader);
      return Number(port);
    }
    // The other stream may be the one that says it.
    if (done) return await new Promise<number>(() => {});
  }
}

async function forget(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}

function deno(script: string, args: readonly string[]): Deno.Command {
  const path = fileURLToPath(new URL(`../../${script}`, import.meta.url));
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", path, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
