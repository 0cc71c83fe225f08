/**
 * Writes the published JSON Schemas below `docs/schemas/` and the OpenAPI document from the schemas that the code itself
 * checks with: `deno task schemas`. With `--check` nothing is written, and a file that is missing or stale fails.
 */
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { configJsonSchema } from "../core/config/mod.ts";
import { documentSchemas, openApiYaml } from "../core/http/openapi.ts";
import { bundleJsonSchema } from "../core/policy/mod.ts";
import { print, PROJECT_ROOT } from "./lib/finding.ts";

/** Every published document by its path. */
async function publishedDocuments(): Promise<Readonly<Record<string, string>>> {
  const schemas = {
    config: configJsonSchema(),
    bundle: bundleJsonSchema(),
    ...documentSchemas(),
  };
  const documents: Record<string, string> = {
    "docs/openapi/nomos-http-v1.yaml": await openApiYaml(),
  };
  for (const [name, schema] of Object.entries(schemas)) {
    documents[`docs/schemas/${name}.v1.json`] = `${JSON.stringify(schema, null, 2)}\n`;
  }
  return documents;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const stale: string[] = [];
  const documents = await publishedDocuments();
  for (const [path, text] of Object.entries(documents)) {
    const target = join(PROJECT_ROOT, path);
    const current = await Deno.readTextFile(target).catch(() => undefined);
    if (current === text) continue;
    stale.push(path);
    if (values.check) continue;
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeTextFile(target, text);
  }
  const what = values.check ? "stale (run deno task schemas)" : "written";
  for (const path of stale) print(`${path} ${what}`);
  print(`schemas: ${Object.keys(documents).length} in all, ${stale.length} ${what}`);
  return values.check && stale.length > 0 ? 1 : 0;
}

Deno.exit(await main());
