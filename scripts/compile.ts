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

function compile(out: string, env: Record<string, string> = {}): Promise<Ran> {
  const target = values.target === undefined ? [] : ["--target", values.target];
  const args = ["compile", ...FLAGS, ...target, "--output", out, BUNDLE];
  return runDeno(args, { cwd: values.root, env: { NO_COLOR: "1", ...env } });
}

async function embedsBundle(path: string): Promise<boolean> {
  const [whole, part] = await Promise.all([
    Deno.readFile(join(values.root, path)),
    Deno.readFile(join(values.root, BUNDLE)),
  ]);
  return new TextDecoder("latin1").decode(whole).includes(new TextDecoder("latin1").decode(part));
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
