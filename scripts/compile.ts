/**
 * Makes `dist/nomos`, one executable file, from the bundle that `scripts/bundle.ts` makes first.
 * `deno run -A scripts/compile.ts [--target TRIPLE] [--out FILE] [--stand-in]`.
 *
 * `deno compile` fetches the runtime it embeds from dl.deno.land. Where that cannot be reached nothing is made and
 * the exit code is 1, since a file that does not start is no program. `--stand-in` then goes through the same steps
 * with this Deno in the runtime's place and shows that the bundle is embedded byte for byte; what that writes,
 * `dist/nomos.stand-in`, does not start.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { print, PROJECT_ROOT } from "./lib/finding.ts";
import { type Ran, runDeno } from "./lib/run.ts";

const BUNDLE = "dist/nomos.mjs";
/** All permissions: the program takes them from itself, command by command. No prompt: nobody sits at a server. */
const FLAGS = [
  "-A",
  "--no-prompt",
  "--no-config",
  "--no-lock",
  "--no-npm",
  "--no-check",
  // Without it Deno aborts the signal of requests that were answered, and says so on stderr.
  "--unstable-no-legacy-abort",
];

const { values } = parseArgs({
  args: Deno.args,
  options: {
    root: { type: "string", default: PROJECT_ROOT },
    target: { type: "string" },
    out: { type: "string", default: "dist/nomos" },
    "stand-in": { type: "boolean", default: false },
  },
});

async function compile(out: string, env: Record<string, string> = {}): Promise<Ran> {
  const target = values.target === undefined ? [] : ["--target", values.target];
  const parts = await partsOfBundle();
  const included = parts.flatMap((part) => ["--include", part]);
  const args = ["compile", ...FLAGS, ...target, ...included, "--output", out, BUNDLE];
  return await runDeno(args, { cwd: values.root, env: { NO_COLOR: "1", ...env } });
}

/** The files that the entry loads when they are needed; the compiler cannot see them in the text. */
async function partsOfBundle(): Promise<string[]> {
  const parts: string[] = [];
  for await (const { name } of Deno.readDir(join(values.root, "dist"))) {
    if (/^nomos-[A-Z0-9]{8}\.mjs$/.test(name)) parts.push(`dist/${name}`);
  }
  return parts.sort();
}

async function embedsBundle(path: string): Promise<boolean> {
  const latin1 = new TextDecoder("latin1");
  const whole = latin1.decode(await Deno.readFile(join(values.root, path)));
  for (const part of [BUNDLE, ...await partsOfBundle()]) {
    if (!whole.includes(latin1.decode(await Deno.readFile(join(values.root, part))))) return false;
  }
  return true;
}

async function main(): Promise<number> {
  const bundled = await runDeno([
    "run",
    "-A",
    join(PROJECT_ROOT, "scripts/bundle.ts"),
    "--root",
    values.root,
  ], { cwd: PROJECT_ROOT });
  print(bundled.text.trimEnd());
  if (bundled.code !== 0) return 1;
  if (values["stand-in"]) return await makeStandIn(`${values.out}.stand-in`);
  const made = await compile(values.out);
  if (made.code === 0) {
    print(`${values.out}: made for ${values.target ?? Deno.build.target}`);
    return 0;
  }
  print(made.text.trimEnd());
  print(
    `Cannot compile "${values.out}": if the runtime could not be fetched from dl.deno.land, start ` +
      `the bundle itself: deno run -A ${BUNDLE}`,
  );
  return 1;
}

async function makeStandIn(out: string): Promise<number> {
  const made = await compile(out, { DENORT_BIN: Deno.execPath() });
  if (made.code !== 0) {
    print(made.text.trimEnd());
    return 1;
  }
  if (!await embedsBundle(out)) {
    print(`Cannot trust "${out}": the bundle is not in it byte for byte`);
    return 1;
  }
  print(
    `${out}: holds the bundle byte for byte, but not the runtime that starts it: a rehearsal only`,
  );
  return 0;
}

Deno.exit(await main());
