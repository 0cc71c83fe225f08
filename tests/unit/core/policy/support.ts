import { encodeUtf8, type JsonObject } from "../../../../core/encoding/mod.ts";
import type { ActionFacts } from "../../../../core/model/mod.ts";
import {
  compileBundle,
  type CompiledPolicy,
  mergeBundles,
  parseBundle,
  type ParsedBundle,
  type Rule,
} from "../../../../core/policy/mod.ts";

/** Parses a bundle that is meant to be good. */
export async function parsed(text: string, file = "policy.yaml"): Promise<ParsedBundle> {
  const bundle = await parseBundle(encodeUtf8(text), { file });
  if (!bundle.ok) throw new Error(JSON.stringify(bundle.reason));
  return bundle.value;
}

/** A rule as a document writes it; id, type, resource and decision have defaults. */
export type RuleText = Readonly<Record<string, unknown>>;

const DEFAULTS: RuleText = {
  action_type: "fs.read",
  resource: "file://workspace/**",
  decision: "ALLOW",
};

/** A bundle of rules; a rule without an id is called after its place. */
export async function bundleOf(
  rules: readonly RuleText[],
  file = "policy.json",
): Promise<ParsedBundle> {
  const written = rules.map((rule, i) => ({ id: `rule-${i}`, ...DEFAULTS, ...rule }));
  return await parsed(JSON.stringify({ version: "v1", rules: written }), file);
}

/** One parsed rule. */
export async function ruleOf(rule: RuleText): Promise<Rule> {
  const [first] = (await bundleOf([rule])).rules;
  if (first === undefined) throw new Error("one rule was written");
  return first;
}

/** A policy of rules, ready to decide. */
export async function policyOf(rules: readonly RuleText[], index = true): Promise<CompiledPolicy> {
  const merged = mergeBundles([{ bundle: await bundleOf(rules) }]);
  if (!merged.ok) throw new Error(JSON.stringify(merged.reason));
  return compileBundle(merged.value, { index });
}

/** An action as policy sees it; a harmless read unless said. */
export function action(more: Partial<ActionFacts> = {}): ActionFacts {
  const params: JsonObject = {};
  return {
    id: "act_1",
    traceId: "trace_1",
    type: "fs.read",
    resource: "file://workspace/README.md",
    params,
    paramsHash: "",
    facets: {},
    riskFlags: [],
    riskLevel: "low",
    identity: { principal: "alice", agent: "claude", environment: "dev", method: "asserted" },
    ...more,
  };
}

/** A command in the workspace. */
export function command(...argv: string[]): ActionFacts {
  return action({
    type: "process.exec",
    resource: "file://workspace/",
    facets: { argv },
    riskFlags: ["risk.exec"],
    riskLevel: "high",
  });
}

/** An HTTP request. */
export function request(
  host: string,
  more: { readonly scheme?: "https" | "http"; readonly port?: number } = {},
): ActionFacts {
  const scheme = more.scheme ?? "https";
  const port = more.port ?? (scheme === "https" ? 443 : 80);
  const shown = port === 443 || port === 80 ? host : `${host}:${port}`;
  return action({
    type: "net.http_request",
    resource: `url://${shown}/`,
    facets: { http: { scheme, host, port, method: "GET", path: "/" } },
    riskFlags: ["risk.net"],
    riskLevel: "medium",
  });
}

/** The time tests happen at, and a file system that tells cases apart. */
export const NOW = { nowMs: Date.parse("2026-01-01T00:00:00Z"), caseInsensitive: false };
