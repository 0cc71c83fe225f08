/**
 * Runs the benchmarks and prints their tables: `deno task bench [--only NAME]… [--write]`. Every ratio has both of its
 * sides measured side by side in this run. `--write` puts the tables into `docs/performance.md`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { BenchRow } from "./row.ts";

interface Bench {
  readonly name: string;
  readonly title: string;
  load(): Promise<{ run(): BenchRow[] | Promise<BenchRow[]> }>;
}

/** Every benchmark, in the order of the tables. */
const BENCHES: readonly Bench[] = [
  { name: "policy", title: "Decisions", load: () => import("./policy.ts") },
  { name: "redaction", title: "Redaction", load: () => import("./redaction.ts") },
  { name: "audit", title: "Durable audit", load: () => import("./audit.ts") },
  { name: "http", title: "HTTP", load: () => import("./http.ts") },
  { name: "process", title: "Processes", load: () => import("./process.ts") },
  { name: "startup", title: "Start-up of the bundle", load: () => import("./startup.ts") },
];

const PAGE = join(import.meta.dirname ?? "", "../../docs/performance.md");
const BEGIN = "<!-- results: begin -->";
const END = "<!-- results: end -->";

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

function figure(value: number | undefined): string {
  if (value === undefined) return "";
  if (value >= 1_000) return Math.round(value).toLocaleString("en-US");
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function tableOf(title: string, rows: readonly BenchRow[]): string {
  const lines = rows.map(({ name, ours, theirs, unit, ratio, goal }) =>
    `| ${name} | ${figure(ours)} | ${figure(theirs)} | ${unit} | ${figure(ratio)} | ${goal ?? ""} |`
  );
  return [
    `### ${title}`,
    "",
    "| what | ours | compared with | unit | ratio | goal |",
    "|---|---:|---:|---|---:|---|",
    ...lines,
    "",
  ].join("\n");
}

/** What the figures were measured on. */
function machine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Deno ${Deno.version.deno}, ${Deno.build.os} ${Deno.build.arch}, ${cpus().length} × ${model}, ${memory} GiB.`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      only: { type: "string", multiple: true },
      write: { type: "boolean", default: false },
    },
  });
  const wanted = BENCHES.filter(({ name }) => values.only?.includes(name) ?? true);
  const tables: string[] = [];
  for (const bench of wanted) {
    const { run } = await bench.load();
    const table = tableOf(bench.title, await run());
    tables.push(table);
    say(table);
  }
  say(machine());
  if (!values.write) return;
  const page = readFileSync(PAGE, "utf8");
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before < 0 || after < 0) throw new Error(`${PAGE} has no place for results`);
  const results = `${BEGIN}\n\n${machine()}\n\n${tables.join("\n")}\n`;
  writeFileSync(PAGE, page.slice(0, before) + results + page.slice(after));
}

await main();
