/**
 * Writes the published JSON Schemas below `docs/schemas/` from the schemas that the code itself checks with:
 * `deno task schemas`. With `--check` nothing is written, and a file that is missing or stale fails.
 */
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { configJsonSchema } from "../core/config/mod.ts";
import type { JsonObject } from "../core/encoding/mod.ts";
import { bundleJsonSchema } from "../core/policy/mod.ts";
import { print, PROJECT_ROOT } from "./lib/finding.ts";

/** Every published schema by its path. */
const SCHEMAS: Readonly<Record<string, () => JsonObject>> = {
  "docs/schemas/config.v1.json": configJsonSchema,
  "docs/schemas/bundle.v1.json": bundleJsonSchema,
};

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const stale: string[] = [];
  for (const [path, schema] of Object.entries(SCHEMAS)) {
    const target = join(PROJECT_ROOT, path);
    const text = `${JSON.stringify(schema(), null, 2)}\n`;
    const current = await Deno.readTextFile(target).catch(() => undefined);
    if (current === text) continue;
    stale.push(path);
    if (values.check) continue;
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeTextFile(target, text);
  }
  const what = values.check ? "stale (run deno task schemas)" : "written";
  for (const path of stale) print(`${path} ${what}`);
  print(`schemas: ${Object.keys(SCHEMAS).length} in all, ${stale.length} ${what}`);
  return values.check && stale.length > 0 ? 1 : 0;
}

Deno.exit(await main());
