import type { JsonObject, JsonValue } from "../encoding/mod.ts";
import { OBLIGATIONS } from "../obligations/mod.ts";
import { EXAMPLE_MEMBERS } from "./examples.ts";
import { PARAM_OPERATORS } from "./parse_params_match.ts";
import { DECISIONS, RULE_MEMBERS } from "./parse_rule.ts";
import { RISK_FLAGS } from "./risk.ts";

const text = (description: string): JsonObject => ({ type: "string", minLength: 1, description });
const names = (description: string): JsonObject => ({
  type: "array",
  items: { type: "string" },
  description,
});

/** A JSON Schema (2020-12) of policy bundles, for editors and documentation; derived from what the parser knows. */
export function bundleJsonSchema(): JsonObject {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Nomos policy bundle v1",
    type: "object",
    required: ["version", "rules"],
    additionalProperties: false,
    properties: {
      version: { const: "v1" },
      rules: { type: "array", minItems: 1, items: ruleSchema() },
    },
  };
}

function ruleSchema(): JsonObject {
  return {
    type: "object",
    required: ["id", "action_type", "resource", "decision"],
    additionalProperties: false,
    properties: Object.fromEntries(RULE_MEMBERS.map((name) => [name, MEMBERS[name]])),
  };
}

const MEMBERS: Readonly<Record<(typeof RULE_MEMBERS)[number], JsonObject>> = {
  id: text("Unique and stable: decisions, audit events and explanations name the rule by it."),
  action_type: {
    type: "string",
    pattern: "^(?:\\*|[a-z][a-z0-9_]*(?:\\.[a-z][a-z0-9_]*)+)$",
    description: 'One exact action type, or "*" for all.',
  },
  resource: {
    type: "string",
    minLength: 1,
    pattern: "^[^\\\\]*$",
    description:
      "A pattern over normalized resources: ** is whole segments, * and ? are inside one.",
  },
  decision: { enum: DECISIONS, description: "A DENY wins over all, an approval over an ALLOW." },
  principals: names('Who may ask; empty, absent or "*": anybody.'),
  agents: names('Through which agents; empty, absent or "*": any.'),
  environments: names('In which environments; empty, absent or "*": any.'),
  risk_flags: {
    type: "array",
    items: { enum: RISK_FLAGS },
    description: "All of these must be present on the action.",
  },
  exec_match: {
    type: "object",
    required: ["argv_patterns"],
    additionalProperties: false,
    description:
      "Which commands; any pattern suffices. A token matches exactly, * is one token, ** zero or more.",
    properties: {
      argv_patterns: {
        type: "array",
        minItems: 1,
        items: { type: "array", minItems: 1, items: { type: "string", minLength: 1 } },
      },
    },
  },
  params_match: paramsMatchSchema(),
  obligations: obligationsSchema(),
  description: { type: "string", description: "For whoever reads the bundle." },
  message: { type: "string", description: "Shown to the agent when this rule decides." },
  expires_at: {
    type: "string",
    format: "date-time",
    description: "From this time on the rule is as if absent.",
  },
  match: examplesSchema("Actions the rule has to match; checked whenever the bundle loads."),
  not_match: examplesSchema("Actions the rule must not match; checked whenever the bundle loads."),
};

function paramsMatchSchema(): JsonObject {
  const number: JsonObject = { type: "number" };
  const operands: Readonly<Record<(typeof PARAM_OPERATORS)[number], JsonValue>> = {
    equals: true,
    in: { type: "array", minItems: 1 },
    present: { type: "boolean" },
    prefix: { type: "string", minLength: 1 },
    matches: { type: "string", minLength: 1, description: "RE2; found anywhere unless anchored." },
    lt: number,
    lte: number,
    gt: number,
    gte: number,
  };
  return {
    type: "object",
    description: "What parameters must hold, by dotted path; all must hold.",
    additionalProperties: {
      anyOf: [
        { not: { type: "object" } },
        { type: "object", minProperties: 1, additionalProperties: false, properties: operands },
      ],
    },
  };
}

function obligationsSchema(): JsonObject {
  const written = OBLIGATIONS.flatMap(({ name, summary, mergeText, schema }) =>
    schema === undefined
      ? []
      : [[name, { ...schema, description: `${summary} Several rules: ${mergeText}.` }] as const]
  );
  return {
    type: ["object", "null"],
    description: "What binds an action that is let through.",
    properties: Object.fromEntries(written),
    patternProperties: { "^x_": true },
    additionalProperties: false,
  };
}

function examplesSchema(description: string): JsonObject {
  const any: Readonly<Record<(typeof EXAMPLE_MEMBERS)[number], JsonObject>> = {
    action_type: { type: "string", minLength: 1 },
    resource: { type: "string", minLength: 1 },
    params: { type: "object" },
    principal: { type: "string", minLength: 1 },
    agent: { type: "string", minLength: 1 },
    environment: { type: "string", minLength: 1 },
    risk_flags: { type: "array", items: { enum: RISK_FLAGS } },
  };
  return {
    type: "array",
    description,
    items: {
      anyOf: [
        { type: "string", minLength: 1, description: "A resource." },
        { type: "array", items: { type: "string" }, description: "An argument vector." },
        { type: "object", additionalProperties: false, properties: any },
      ],
    },
  };
}
