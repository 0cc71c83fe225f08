import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAdapters } from "../../../cli/adapters/mod.ts";
import { considerDocument, decideOffline, offlineBasis } from "../../../commands/offline.ts";
import { type JsonObject, ok, type Result } from "../../../core/encoding/mod.ts";
import { decodeActionFile } from "../../../core/engine/submitted.ts";
import type { DecisionBasis } from "../../../core/engine/snapshot.ts";
import type { Refusal } from "../../../core/model/mod.ts";

/** The folder of examples. */
export const EXAMPLES = fileURLToPath(new URL("../../../examples/", import.meta.url));

/** What commands get, as far as offline decisions need it. */
const CONTEXT = {
  adapters: createAdapters(),
  terminal: { out() {}, err() {}, color: false, interactive: false, readStdin, stdin },
  stop: new AbortController().signal,
  openLog: () => Promise.reject(new Error("no log")),
  listen: () => Promise.reject(new Error("examples do not listen")),
};

function readStdin(): Promise<Uint8Array> {
  return Promise.resolve(new Uint8Array());
}

async function* stdin(): AsyncGenerator<Uint8Array> {}

/** Paths below the examples that end so, sorted. */
export function listExamples(folder: string, ending: RegExp): string[] {
  return readdirSync(join(EXAMPLES, folder), { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path).replaceAll("\\", "/"))
    .filter((path) => ending.test(path))
    .sort();
}

/** What a decision says, as tests compare it. */
export interface Decided {
  readonly decision: string;
  readonly rules: readonly string[];
}

/** Decides an action file of the examples. */
export async function decideExample(
  action: string,
  bundles: readonly string[],
): Promise<Decided> {
  const { decision } = await decideOffline(CONTEXT, {
    action: join(EXAMPLES, action),
    bundles: bundles.map((bundle) => join(EXAMPLES, bundle)),
  });
  return { decision: decision.verdict, rules: decision.rules };
}

/** Bundles of the examples, ready to decide. */
export async function loadBundles(bundles: readonly string[]): Promise<DecisionBasis> {
  return await offlineBasis(CONTEXT, { bundles: bundles.map((bundle) => join(EXAMPLES, bundle)) });
}

/** Decides an action that stands in a test. */
export function decide(
  action: { readonly action_type: string; readonly resource: string; readonly params?: JsonObject },
  basis: DecisionBasis,
): Result<Decided, Refusal> {
  const document = {
    schema_version: "v1",
    action_id: "act_1",
    trace_id: "examples",
    params: {},
    ...action,
    context: { extensions: {} },
    principal: "developer",
    agent: "quickstart-agent",
    environment: "dev",
  };
  const decoded = decodeActionFile(new TextEncoder().encode(JSON.stringify(document)), {
    file: "action.json",
  });
  if (!decoded.ok) return decoded;
  const considered = considerDocument(decoded.value, basis, CONTEXT);
  if (!considered.ok) return considered;
  const { decision } = considered.value;
  return ok({ decision: decision.verdict, rules: decision.rules });
}
