/** What redaction costs: clean text against plain regular expressions, and the worst texts we know. */
import { Redactor } from "../../core/redact/mod.ts";
import type { BenchRow } from "./row.ts";

/** How one would write it first. */
const PLAIN: readonly RegExp[] = [
  /proxy-authorization:\s*[^\r\n]+/gi,
  /authorization:\s*[^\r\n]+/gi,
  /set-cookie:\s*[^\r\n]+/gi,
  /cookie:\s*[^\r\n]+/gi,
  /x-api-key:\s*[^\r\n]+/gi,
  /x-auth-token:\s*[^\r\n]+/gi,
  /bearer\s+[A-Za-z0-9\-._~+/]{12,}=*/gi,
  /basic\s+[A-Za-z0-9+/=]{12,}/gi,
  /AKIA[0-9A-Z]{16}/g,
  /eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/g,
  /-----BEGIN [A-Z ]+-----[^]*?-----END [A-Z ]+-----/g,
];

function plain(text: string): string {
  return PLAIN.reduce((left, pattern) => left.replace(pattern, "[REDACTED]"), text);
}

/** Text as it comes from a decoder: one flat string, not a view of another one. */
function filled(size: number, part: string): string {
  const text = part.repeat(Math.ceil(size / part.length)).slice(0, size);
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

const PROSE =
  "The gateway reads each request, asks the policy, and writes one line to the audit log; nothing else leaves it. " +
  "Operators see what was denied and why, agents see a reason they can act on, and the rest stays where it was.\n";
const LOG =
  '2025-11-02T10:15:04.123Z INFO  gateway: action_id=act_81 type=fs.read resource="file://workspace/src/main.ts" decision=ALLOW took=1.2ms\n';
const JSON_LINES =
  '{"event_type":"action.completed","trace_id":"t-4711","duration_ms":12,"result":{"name":"build","items":[1,2,3],"state":"done"}}\n';
const CODE =
  "export function take(items: readonly Item[], options: Options = {}): Item[] {\n  const size_limit = options.size_limit ?? 10;\n  return items.filter((item) => item.size <= size_limit);\n}\n";

const CLEAN: Readonly<Record<string, string>> = {
  prose: PROSE,
  log: LOG,
  "JSON lines": JSON_LINES,
  code: CODE,
};

const KIB = 1024;
const SIZES = [4 * KIB, 64 * KIB];

/** Texts of 64 KiB that an attacker would send. */
function worst(): Readonly<Record<string, string>> {
  const size = 64 * KIB;
  const parts = [
    "eyJ",
    "eyJ.",
    "eyJa.eyJb.",
    "eyJa..",
    "-----BEGIN",
    "-----BEGIN A",
    "-----BEGIN A-----\n",
    "-",
    "-----END A-----",
    "Authorization",
    "Authorization ",
    "Authorization:",
    "Authorization: ",
    "Cookie: \n",
    "Cookie::",
    "Bearer ",
    "Bearer a",
    "Basic basic ",
    "bearer authentication ",
    "ghp_",
    "xoxb-",
    "sk-ant-",
    "sk-",
    "AKIA",
    "://a:",
    "://a:b@",
    "://",
    "?password=",
    ";password=x",
    "AccountKey=",
    "aws_secret_access_key = ",
    '"cookie":',
    '"cookie":[',
    '"cookie":["',
    '"cookie": ["a",',
    '"d":"',
    '"cookie":"\\',
    '"cookie":\\\\\\\\',
    "\\",
    '"',
    ":",
    " :",
    "=",
    "[REDACTED]",
    "[REDACTE",
    "?password=[REDACTED",
    "8Q~",
    "\n",
    "€",
  ];
  const texts = Object.fromEntries(
    parts.map((part) => [`${JSON.stringify(part)}×`, filled(size, part)]),
  );
  return {
    ...texts,
    "one long header line": `Authorization: ${filled(size, "x")}`,
    "a name and blanks": `Authorization${filled(size, " ")}: x`,
    "one long token": filled(size, "Aa0_-"),
    "a block that never ends": `-----BEGIN A KEY-----\n${filled(size, PROSE)}`,
    "many labels": Array.from({ length: 2500 }, (_, i) => `-----BEGIN K${i}-----\n`).join(""),
  };
}

/** Median time of one call, in microseconds, once the compiler has seen it. */
function measure(work: () => unknown, budget: number): number {
  const times: number[] = [];
  const begin = performance.now();
  for (let now = begin; times.length < 3 || now < begin + budget; now = performance.now()) {
    if (now < begin + budget / 3) {
      work();
    } else {
      const start = performance.now();
      work();
      times.push(performance.now() - start);
    }
  }
  times.sort((a, b) => a - b);
  return (times[times.length >> 1] ?? 0) * 1000;
}

/**
 * Measures everything.
 *
 * @param budget milliseconds for each measurement
 */
export function run(budget: number = 60): BenchRow[] {
  const rows: BenchRow[] = [];
  const redactor = new Redactor();
  const leased = redactor.with({ secrets: ["correct horse battery staple", "hunter2-hunter2"] });
  for (const size of SIZES) {
    for (const [kind, part] of Object.entries(CLEAN)) {
      const text = filled(size, part);
      const theirs = measure(() => plain(text), budget);
      for (const [who, one] of Object.entries({ "": redactor, ", two leased secrets": leased })) {
        const ours = measure(() => one.scrub(text), budget);
        const goal = who === "" ? { goal: "at least 0.5" } : {};
        const name = `${kind}, ${size / KIB} KiB${who}`;
        rows.push({ name, ours, theirs, unit: "µs", ratio: theirs / ours, ...goal });
      }
    }
  }
  for (const [name, text] of Object.entries(worst())) {
    const ours = measure(() => redactor.scrub(text), budget);
    rows.push({ name: `64 KiB of ${name}`, ours, unit: "µs", goal: "at most 5,000" });
  }
  const text = filled(64 * KIB, LOG);
  rows.push({
    name: "64 KiB of log as a stream of 1 KiB pieces",
    ours: measure(() => {
      const stream = redactor.stream();
      for (let at = 0; at < text.length; at += KIB) stream.push(text.slice(at, at + KIB));
      stream.end();
    }, budget),
    unit: "µs",
  });
  return rows;
}
