/**
 * Makes the reference documentation from the code: `deno run -A scripts/docs.ts [--check]`.
 *
 * `--check` changes nothing and ends with 1 when a document is not what the code says.
 */
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { actionsReference } from "./lib/docs/actions.ts";
import { cliReference } from "./lib/docs/cli.ts";
import { configurationReference } from "./lib/docs/configuration.ts";
import { fullConfig } from "./lib/docs/full_config.ts";
import { httpIntegrationKit } from "./lib/docs/http_integration.ts";
import { obligationsReference } from "./lib/docs/obligations.ts";
import { reasonsReference } from "./lib/docs/reasons.ts";
import { print, PROJECT_ROOT } from "./lib/finding.ts";

/** Every generated document: its path from the top, and what makes it. */
const DOCUMENTS: Readonly<Record<string, () => string | Promise<string>>> = {
  "docs/reference/actions.md": actionsReference,
  "docs/reference/obligations.md": obligationsReference,
  "docs/reference/reasons.md": reasonsReference,
  "docs/reference/configuration.md": configurationReference,
  "docs/reference/cli.md": cliReference,
  "docs/http-integration-kit.md": httpIntegrationKit,
  "examples/configs/full.jsonc": fullConfig,
};

/** As `deno fmt` wants it, so that the gate has nothing to say about layout. */
async function formatted(text: string, path: string): Promise<string> {
  const ext = path.slice(path.lastIndexOf(".") + 1);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext", ext, "-"],
    cwd: PROJECT_ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error(`Cannot format "${path}"`);
  return new TextDecoder().decode(stdout);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: Deno.args,
    options: { check: { type: "boolean", default: false } },
  });
  let stale = 0;
  for (const [path, make] of Object.entries(DOCUMENTS)) {
    const file = join(PROJECT_ROOT, path);
    const wanted = await formatted(await make(), path);
    const found = await Deno.readTextFile(file).catch(() => undefined);
    if (found === wanted) continue;
    stale++;
    if (values.check) {
      print(`${path}:1:1 is not what the code says, expected the output of: deno task docs`);
    } else {
      await Deno.mkdir(dirname(file), { recursive: true });
      await Deno.writeTextFile(file, wanted);
      print(`${path}: written`);
    }
  }
  print(
    `docs: ${Object.keys(DOCUMENTS).length} documents, ${stale} ${
      values.check ? "stale" : "written"
    }`,
  );
  return values.check && stale > 0 ? 1 : 0;
}

Deno.exit(await main());
