import fc from "fast-check";
import { Num, type Plain, type PlainAction, type PlainRule } from "./reference_evaluator.ts";

/**
 * Bundles and actions from one small vocabulary, so that rules really match, nearly match and contradict each other.
 */

const RESOURCES = {
  "fs.read": [
    "/",
    "/README.md",
    "/src/a.ts",
    "/src/lib/b.ts",
    "/.env",
    "/docs/.env",
    "/SRC/A.ts",
    "/ä/ß.md",
  ],
  "fs.write": ["/src/a.ts", "/.env", "/src/lib/deep/er/c.ts", "/Docs/x y.md"],
  "process.exec": ["/"],
  "net.http_request": [
    "url://example.com/",
    "url://api.example.com/v1/users",
    "url://example.com:8443/v1",
  ],
  "payments.refund": [
    "payment://shop.example.com/orders/ORD-1",
    "payment://shop.example.com/orders/ORD-2/item",
  ],
  "repo.apply_patch": ["repo://acme/site", "/src/a.ts"],
} as const satisfies Record<string, readonly string[]>;

type ActionTypeName = keyof typeof RESOURCES;

const TYPES = Object.keys(RESOURCES) as ActionTypeName[]; // the keys are the type's own
const PRINCIPALS = ["alice", "bob", "ci"];
const AGENTS = ["claude", "codex"];
const ENVIRONMENTS = ["dev", "prod"];
const FLAGS = ["risk.exec", "risk.net", "risk.write", "risk.large_io", "risk.high_fanout"];
const COMMANDS = [["git"], ["git", "status"], ["git", "push", "--force"], ["go", "test", "./..."]];
const TOKENS = ["git", "push", "status", "--force", "go", "test", "./..."];
const NUMBERS = [
  "0",
  "-0",
  "1",
  "1.0",
  "10",
  "1e1",
  "100.5",
  "1.005e2",
  "9007199254740993",
  "9007199254740992",
  "-3",
];
const EXPIRY = [
  "2026-01-01T00:00:00Z",
  "2026-06-01T12:00:00.250Z",
  "2026-06-01T12:00:00.250+02:00",
];
const NOW = Date.parse("2026-03-01T00:00:00Z");

const full = (path: string) => path.startsWith("/") ? `file://workspace${path}` : path;
const resourceOf = (type: ActionTypeName) => fc.constantFrom(...RESOURCES[type]).map(full);
const anyResource = fc.constantFrom(...TYPES).chain(resourceOf);
const some = (names: readonly string[]) => fc.subarray([...names, "*"], { maxLength: 2 });
const rare = <T>(arb: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: arb });

const scalar: fc.Arbitrary<Plain> = fc.oneof(
  fc.constantFrom(...NUMBERS).map((digits) => new Num(digits)),
  fc.constantFrom("EUR", "eur", "", "100", "a.b"),
  fc.boolean(),
  fc.constant(null),
);

/** Patterns that much fits, so that rules meet each other. */
const broadPattern = fc.constantFrom(
  "**",
  "file://workspace/**",
  "file://workspace/src/**",
  "**/.env",
  "url://**",
  "url://*.example.com/**",
  "payment://shop.example.com/**",
);

/** Turns segments of a real resource into wildcards. */
const closePattern = anyResource.chain((resource) => {
  const segments = resource.split("/");
  const choices = segments.map((text) =>
    fc.oneof(
      { weight: 20, arbitrary: fc.constant(text) },
      { weight: 1, arbitrary: fc.constantFrom("*", "**") },
      { weight: 1, arbitrary: fc.nat(text.length).map((at) => `${text.slice(0, at)}*`) },
      { weight: 1, arbitrary: fc.nat(text.length).map((at) => `*${text.slice(at)}`) },
      { weight: 1, arbitrary: fc.constant(text.replace(/\p{L}/u, "?")) },
    )
  );
  const cut = fc.option(fc.nat(segments.length), { nil: undefined, freq: 2 });
  return fc.tuple(fc.tuple(...choices), cut).map(([parts, at]) => {
    return at === undefined ? parts.join("/") : [...parts.slice(0, at), "**"].join("/");
  });
});

const pattern = fc.oneof(broadPattern, closePattern);

const argvPattern = fc.oneof(
  fc.constantFrom(["git", "**"], ["**"], ["git", "*"], ...COMMANDS),
  fc.array(fc.constantFrom(...TOKENS, "*", "**"), { minLength: 1, maxLength: 4 }),
);

const paramTest: fc.Arbitrary<{ [operator: string]: Plain }> = fc.oneof(
  scalar.map((value) => ({ equals: value })),
  fc.array(scalar, { minLength: 1, maxLength: 3 }).map((values) => ({ in: values })),
  fc.boolean().map((wanted) => ({ present: wanted })),
  fc.constantFrom("E", "EU", "a.").map((text) => ({ prefix: text })),
  fc.constantFrom("^E", "R$", "[0-9]+", "a.b").map((text) => ({ matches: text })),
  fc.tuple(fc.constantFrom("lt", "lte", "gt", "gte"), fc.constantFrom(...NUMBERS)).map((
    [op, digits],
  ) => ({
    [op]: new Num(digits),
  })),
);

const paramsMatch = fc.dictionary(
  fc.constantFrom("amount", "currency", "items.0", "items.0.price", "tool_arguments.amount"),
  fc.tuple(paramTest, paramTest).map(([a, b]) => ({ ...a, ...b })),
  { maxKeys: 2, noNullPrototype: true },
);

const obligations: fc.Arbitrary<{ [name: string]: Plain }> = fc.record({
  timeout_ms: fc.constantFrom("100", "200", "5000").map((digits) => new Num(digits)),
  output_max_lines: fc.constantFrom("0", "10").map((digits) => new Num(digits)),
  tags: fc.subarray(["a", "b", "c"], { minLength: 1 }),
  sandbox_mode: fc.constantFrom("none", "local", "container"),
  http_redirects: fc.boolean(),
}, { requiredKeys: [] });

type Draft = Omit<PlainRule, "id">;

const common = {
  decision: fc.constantFrom(
    "ALLOW" as const,
    "ALLOW" as const,
    "DENY" as const,
    "REQUIRE_APPROVAL" as const,
  ),
  principals: rare(some(PRINCIPALS)),
  agents: rare(some(AGENTS)),
  environments: rare(some(ENVIRONMENTS)),
  risk_flags: rare(fc.subarray(FLAGS, { maxLength: 2 })),
  params_match: rare(paramsMatch),
  obligations: rare(obligations),
  expires_at: rare(fc.constantFrom(...EXPIRY)),
};

const plainRule: fc.Arbitrary<Draft> = fc.record({
  ...common,
  action_type: fc.oneof(fc.constantFrom(...TYPES), fc.constant("*")),
  resource: pattern,
}).map(present);

const execRule: fc.Arbitrary<Draft> = fc.record({
  ...common,
  action_type: fc.constantFrom("process.exec", "process.exec", "*"),
  resource: fc.constantFrom("file://workspace/", "file://workspace/**", "**"),
  exec_match: rare(
    fc.array(argvPattern, { minLength: 1, maxLength: 3 }).map((argv_patterns) => ({
      argv_patterns,
    })),
  ),
  legacy: fc.boolean(),
}).map(({ legacy, ...rule }) =>
  present(
    legacy && rule.exec_match === undefined
      ? { ...rule, obligations: { ...rule.obligations, exec_allowlist: [["git"]] } }
      : rule,
  )
);

/** Drops members that are `undefined`, as a document has none. */
function present(rule: { [K in keyof Draft]: Draft[K] | undefined }): Draft {
  // What is left has every member that a rule must have, and no undefined one.
  return Object.fromEntries(
    Object.entries(rule).filter(([, value]) => value !== undefined),
  ) as Draft;
}

/** A bundle's rules: ids are unique, and not in order. */
export const rulesArbitrary: fc.Arbitrary<PlainRule[]> = fc
  .array(fc.oneof({ weight: 2, arbitrary: plainRule }, { weight: 1, arbitrary: execRule }), {
    minLength: 1,
    maxLength: 14,
  })
  .map((rules) => rules.map((rule, i) => ({ id: `rule-${(i * 7) % 15}-${i}`, ...rule })));

const params = fc.record({
  amount: scalar,
  currency: scalar,
  items: fc.array(fc.oneof(scalar, scalar.map((price) => ({ price }))), { maxLength: 2 }),
  tool_arguments: fc.record({ amount: scalar }),
}, { requiredKeys: [], noNullPrototype: true });

/** One action that the vocabulary of bundles speaks of. */
export const actionArbitrary: fc.Arbitrary<PlainAction> = fc.constantFrom(
  ...TYPES,
  "process.exec" as const,
  "process.exec" as const,
).chain((type) =>
  fc.record({
    type: fc.constant(type),
    resource: resourceOf(type),
    principal: fc.constantFrom(...PRINCIPALS),
    agent: fc.constantFrom(...AGENTS),
    environment: fc.constantFrom(...ENVIRONMENTS),
    flags: fc.subarray(FLAGS),
    params,
    nowMs: fc.constantFrom(
      NOW,
      ...EXPIRY.map((text) => Date.parse(text)),
      Date.parse(EXPIRY[1] ?? "") - 1,
    ),
    foldCase: fc.boolean(),
    ...(type === "process.exec"
      ? {
        argv: fc.oneof(
          fc.constantFrom(...COMMANDS),
          fc.array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 4 }),
        ),
      }
      : {}),
  })
);

/** Writes a plain value as JSON, numbers by their own digits. */
export function toJsonText(value: unknown): string {
  if (value instanceof Num) return value.digits;
  if (Array.isArray(value)) return `[${value.map(toJsonText).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([name, member]) =>
      `${JSON.stringify(name)}:${toJsonText(member)}`
    );
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}
