/**
 * How long a decision takes: generated bundles of 100, 1,000 and 10,000 rules against a naive scan with one regular
 * expression a rule, in the same run and with the same answers; and paths of 800 segments against patterns that make
 * backtracking explode.
 */
import { compileGlob } from "../../core/encoding/mod.ts";
import type { ActionFacts } from "../../core/model/mod.ts";
import {
  compileBundle,
  type CompiledPolicy,
  mergeBundles,
  parseBundle,
} from "../../core/policy/mod.ts";
import type { BenchRow } from "./row.ts";

interface Written {
  readonly id: string;
  readonly action_type: string;
  readonly resource: string;
  readonly decision: string;
  readonly principals?: readonly string[];
  readonly exec_match?: { readonly argv_patterns: readonly (readonly string[])[] };
}

/** Runs all measurements, about five seconds. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  // Whoever is measured first would be measured cold.
  await benchDecisions(100);
  for (const count of [100, 1_000, 10_000]) rows.push(await benchDecisions(count));
  rows.push(growth(rows));
  for (const pattern of EXPLOSIVE) rows.push(benchPattern(pattern));
  return rows;
}

/** What a hundred times as many rules cost. */
function growth(rows: readonly BenchRow[]): BenchRow {
  const [few, , many] = rows;
  if (!few || !many) throw new Error("decisions are measured first");
  const [ours, theirs] = [many.ours, few.ours];
  return {
    name: "a decision among 10,000 rules, against one among 100",
    ours,
    theirs,
    unit: "µs",
    ratio: theirs / ours,
    goal: "at least 0.20 (wanted 0.33)",
  };
}

/** Rules as real bundles have them: files, hosts, commands and custom types; every fifth one a DENY. */
function writeRules(count: number): Written[] {
  return Array.from({ length: count }, (_, i): Written => {
    const decision = i % 5 === 0 ? "DENY" : i % 7 === 0 ? "REQUIRE_APPROVAL" : "ALLOW";
    const id = `rule-${i}`;
    switch (i % 4) {
      case 0:
        return {
          id,
          action_type: "fs.read",
          resource: `file://workspace/dir${i}/**/*.ts`,
          decision,
        };
      case 1:
        return {
          id,
          action_type: "net.http_request",
          resource: `url://api${i}.example.com/v1/**`,
          decision,
        };
      case 2: {
        const exec_match = { argv_patterns: [["tool", `command${i}`, "**"]] };
        return {
          id,
          action_type: "process.exec",
          resource: "file://workspace/",
          decision,
          exec_match,
        };
      }
      default: {
        const principals = [`team-${i % 50}`];
        return {
          id,
          action_type: "fs.write",
          resource: `file://workspace/dir${i}/*`,
          decision,
          principals,
        };
      }
    }
  });
}

function askAbout(count: number): ActionFacts[] {
  return Array.from({ length: 64 }, (_, n): ActionFacts => {
    const i = (n * 997) % count;
    switch (i % 4) {
      case 0:
        return facts("fs.read", `file://workspace/dir${i}/src/deep/main.ts`);
      case 1:
        return facts("net.http_request", `url://api${i}.example.com/v1/users/7`);
      case 2:
        return facts("process.exec", "file://workspace/", ["tool", `command${i}`, "--all"]);
      default:
        return facts("fs.write", `file://workspace/dir${i}/file.txt`);
    }
  });
}

function facts(type: string, resource: string, argv?: readonly string[]): ActionFacts {
  return {
    id: "act_1",
    traceId: "trace_1",
    type,
    resource,
    params: {},
    paramsHash: "",
    facets: argv === undefined ? {} : { argv },
    riskFlags: type === "fs.write" ? ["risk.write"] : [],
    riskLevel: "low",
    identity: { principal: "team-3", agent: "claude", environment: "dev", method: "asserted" },
  };
}

async function benchDecisions(count: number): Promise<BenchRow> {
  const written = writeRules(count);
  const policy = await load(written);
  const scan = naiveScan(written);
  const asked = askAbout(count);
  for (const one of asked) {
    const ours = policy.evaluate(one, OPTIONS);
    if (ours.reason !== scan(one)) throw new Error(`the naive scan disagrees on ${one.resource}`);
  }
  const ours = perCall((i) => policy.evaluate(asked[i % asked.length] ?? facts("", ""), OPTIONS));
  const theirs = perCall((i) => scan(asked[i % asked.length] ?? facts("", "")));
  const goal = count === 10_000 ? { goal: "at least 100 (wanted 300)" } : {};
  return {
    ...row(
      `decision among ${count.toLocaleString("en-US")} rules, against a naive scan`,
      ours,
      theirs,
    ),
    ...goal,
  };
}

const OPTIONS = { nowMs: 0, caseInsensitive: false };

async function load(rules: readonly Written[]): Promise<CompiledPolicy> {
  const bytes = new TextEncoder().encode(JSON.stringify({ version: "v1", rules }));
  const bundle = await parseBundle(bytes, { file: "bench.json" });
  const merged = bundle.ok ? mergeBundles([{ bundle: bundle.value }]) : bundle;
  if (!merged.ok) throw new Error("the generated bundle loads");
  return compileBundle(merged.value);
}

/** What one would write first: every rule a list of regular expressions, all asked in turn. */
function naiveScan(rules: readonly Written[]): (facts: ActionFacts) => string {
  const compiled = rules.map((rule) => ({
    ...rule,
    pattern: globToRegExp(rule.resource),
    argv: rule.exec_match?.argv_patterns.map((tokens) => globToRegExp(tokens.join("/"))),
  }));
  return ({ type, resource, facets, identity }) => {
    const hits = compiled.filter((rule) =>
      (rule.action_type === "*" || rule.action_type === type) && rule.pattern.test(resource) &&
      (rule.principals === undefined || rule.principals.includes(identity.principal)) &&
      (rule.argv === undefined || rule.argv.some((one) => one.test((facets.argv ?? []).join("/"))))
    );
    if (hits.some((rule) => rule.decision === "DENY")) return "deny_by_rule";
    if (hits.some((rule) => rule.decision === "REQUIRE_APPROVAL")) {
      return "require_approval_by_rule";
    }
    return hits.length > 0 ? "allow_by_rule" : "deny_by_default";
  };
}

function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("/**", "\u0000")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]")
    .replaceAll("\u0000", "(?:/[^/]*)*");
  return new RegExp(`^${source}$`);
}

const EXPLOSIVE = [
  "file://workspace/**/a/**/b/**/c/**/x",
  "**/**/**/a/**/a/**/a/**/b",
  "**/*a*a*a*a*b/**/*c",
];

/** The path is the attacker's: 800 segments that almost fit. */
function benchPattern(pattern: string): BenchRow {
  const glob = compileGlob(pattern);
  if (!glob.ok) throw new Error("the pattern compiles");
  // 800 segments, 4 KB.
  const path = `file://workspace/${"a/b/c/aaaaaaaa/bbbbbbbb/cccccc/".repeat(133)}y`;
  const ours = perCall(() => glob.value.matches(path), 300);
  // A backtracking matcher takes seconds here.
  const name = `a path of 4 KB in 800 segments against \`${pattern}\``;
  return { name, ours, unit: "µs", goal: "at most 2,000" };
}

/** Microseconds of one call: the best of several rounds, which is what the code takes when nothing disturbs it. */
function perCall(call: (i: number) => unknown, roundMs = 150): number {
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    let calls = 0;
    while (performance.now() - start < roundMs / 5) {
      for (let i = 0; i < 16; i++) call(calls + i);
      calls += 16;
    }
    best = Math.min(best, (performance.now() - start) * 1_000 / calls);
  }
  return best;
}

function row(name: string, ours: number, theirs: number): BenchRow {
  return { name, ours, theirs, unit: "µs", ratio: theirs / ours };
}
