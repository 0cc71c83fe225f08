import { Validator } from "@seriousme/openapi-schema-validator";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { OFF_PATHS } from "../../core/http/routes/off.ts";
import { publishedContract } from "../support/contract.ts";
import { TestGateway } from "../support/gateway.ts";
import { actionDocument } from "../support/signed_request.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.open();
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

const published = new URL("../../docs/openapi/nomos-http-v1.yaml", import.meta.url);

describe("the published contract", () => {
  it("is OpenAPI 3.1 by a validator that is not ours", async () => {
    const validator = new Validator();
    const result = await validator.validate(parse(readFileSync(published, "utf8")));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(validator.version).toBe("3.1");
  });

  it("is what the gateway serves, as JSON and as YAML", async () => {
    const json = await gateway.fetch("/openapi.json");
    const yaml = await gateway.fetch("/openapi.yaml");
    expect(yaml.headers.get("content-type")).toBe("application/yaml; charset=utf-8");
    expect(parse(yaml.text)).toEqual(json.body);
    expect(readFileSync(published, "utf8")).toBe(yaml.text);
  });

  it("describes every path and method there is, and no other", () => {
    const off = new Set(OFF_PATHS.map(({ path }) => path));
    const paths = gateway.app.paths.filter((path) => !off.has(path));
    const described = new Set(
      publishedContract().operations().map((operation) =>
        operation.replace(/^[A-Z]+ /, "").replace(/\{(\w+)\}/g, ":$1")
      ),
    );
    expect([...described].sort()).toEqual([...paths].sort());
  });

  it("has its examples in order", () => {
    const contract = publishedContract();
    const schemas = contract.document["components"] as { schemas: Record<string, unknown> };
    let examples = 0;
    for (const [name, schema] of Object.entries(schemas.schemas)) {
      const { examples: given = [] } = schema as { examples?: unknown[] };
      for (const example of given) {
        examples++;
        expect(contract.problems(name, example)).toEqual([]);
      }
    }
    expect(examples).toBeGreaterThan(3);
  });

  it("names every word that may be answered", () => {
    const words = JSON.stringify(publishedContract().document);
    for (const word of ["deny_by_default", "RATE_LIMIT_EXCEEDED", "audit_unavailable"]) {
      expect(words).toContain(word);
    }
  });

  it("does not take what is no response", () => {
    const contract = publishedContract();
    const fine = { decision: "ALLOW", reason: "allow_by_rule" };
    expect(contract.problems("Response", fine)).toEqual([]);
    for (
      const wrong of [
        {},
        { decision: "ALLOW" },
        { ...fine, decision: "MAYBE" },
        { ...fine, reason: "because" },
        { ...fine, output: null },
        { ...fine, surprise: 1 },
        { ...fine, approval_expires_at: "tomorrow" },
      ]
    ) expect(contract.problems("Response", wrong)).not.toEqual([]);
    expect(contract.problems("Error", fine)).not.toEqual([]);
  });
});

/** Members that may be right. */
const members = fc.record({
  schema_version: fc.constantFrom<unknown>("v1", "v1", "v1", "v2", 1),
  action_id: fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,8}$/),
    fc.constantFrom("", " a", "ü", "-", "a".repeat(128), "a".repeat(129)),
  ),
  action_type: fc.constantFrom<unknown>(
    ...["fs.read", "fs.read", "fs.write", "process.exec", "payments.refund", "x.y_z.w1"],
    ...["fs", "Fs.read", "fs..read", "fs.read.", "1.a", null],
  ),
  resource: fc.constantFrom<unknown>("file://workspace/README.md", "payment://a/b", "", 3),
  params: fc.oneof(
    fc.constant({}),
    fc.dictionary(
      fc.constantFrom("content", "argv", "offset_line", "limit_lines", "x"),
      fc.oneof(fc.string(), fc.integer(), fc.constant(["git"]), fc.constant(null)),
    ),
    fc.constant([]),
  ),
  trace_id: fc.constantFrom<unknown>("trace_1", "t:1", "", "t/1"),
  context: fc.constantFrom<unknown>(
    ...[{}, { extensions: {} }, { extensions: { approval: { approval_id: "apr_1" } } }],
    ...[{ extensions: [] }, { user: 1 }, { extensions: { approval: {} } }],
    ...[{ extensions: { approval: { approval_id: 1 } } }, "x"],
  ),
});

/** Changes to a document that is right: at most three members. */
const changes = fc.tuple(
  members,
  fc.subarray(
    ["schema_version", "action_id", "action_type", "resource", "params", "trace_id", "context"],
    { maxLength: 3 },
  ),
).map(([all, names]) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
);

describe("requests", () => {
  it("that the contract knows are understood, and what is understood the contract knows", async () => {
    const contract = publishedContract();
    let known = 0;
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        const document: unknown = JSON.parse(actionDocument(change));
        const { body } = await gateway.post("/explain", JSON.stringify(document));
        const refused = body.error !== undefined || body.reason === "invalid_params";
        const valid = contract.problems("Action", document).length === 0;
        if (valid) known++;
        if (valid) expect(body.error?.code).not.toBe("validation_error");
        if (!refused) expect(valid).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(known).toBeGreaterThan(25);
  });

  it("of the examples in the repository are known to it", () => {
    const contract = publishedContract();
    const folder = new URL("../../examples/quickstart/requests/", import.meta.url);
    for (const name of ["allow-readme.json", "deny-env.json"]) {
      const document: unknown = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
      expect(contract.problems("Action", document)).toEqual([]);
    }
    expect(contract.problems("Action", JSON.parse(actionDocument()))).toEqual([]);
  });
});

describe("explanations", () => {
  it("of all kinds are what the contract says", async () => {
    await using several = await TestGateway.open({
      config: {
        executor: { sandbox_profile: "none" },
      },
      rules: [
        {
          id: "deny",
          action_type: "fs.read",
          resource: "file://workspace/denied/**",
          decision: "DENY",
          message: "Not this one.",
        },
        {
          id: "ask",
          action_type: "fs.write",
          resource: "file://workspace/**",
          decision: "REQUIRE_APPROVAL",
          obligations: {
            approval_scope_class: "action_type_resource",
            reason: "Writing is looked at.",
            tags: ["a", "b"],
            output_max_lines: 0,
            redact: ["secret-[0-9]+"],
          },
        },
        {
          id: "exec",
          action_type: "process.exec",
          resource: "file://workspace/",
          decision: "ALLOW",
          exec_match: { argv_patterns: [["git", "status"], ["go", "**"]] },
          obligations: { sandbox_mode: "none", timeout_ms: 1_000 },
        },
        {
          id: "legacy",
          action_type: "process.exec",
          resource: "file://workspace/old",
          decision: "ALLOW",
          obligations: { exec_allowlist: [["ls"]], net_allowlist: [] },
        },
        {
          id: "sandboxed",
          action_type: "process.exec",
          resource: "file://workspace/boxed",
          decision: "ALLOW",
          exec_match: { argv_patterns: [["ls"]] },
          obligations: { sandbox_mode: "container" },
        },
        {
          id: "other-agent",
          action_type: "fs.read",
          resource: "file://workspace/near/**",
          agents: ["somebody"],
          decision: "ALLOW",
        },
        {
          id: "fetch",
          action_type: "net.http_request",
          resource: "url://**",
          decision: "ALLOW",
          obligations: {
            net_allowlist: ["*.example.com", "http://localhost:8080"],
            http_redirects: true,
            http_redirect_hop_limit: 1,
          },
        },
      ],
    });
    const asked = [
      {},
      { resource: "file://workspace/denied/a" },
      { resource: "file://workspace/near/a" },
      { action_type: "fs.write", params: { content: "x" } },
      {
        action_type: "process.exec",
        resource: "file://workspace/",
        params: { argv: ["git", "status"] },
      },
      { action_type: "process.exec", resource: "file://workspace/", params: { argv: ["rm"] } },
      { action_type: "process.exec", resource: "file://workspace/old", params: { argv: ["ls"] } },
      { action_type: "process.exec", resource: "file://workspace/boxed", params: { argv: ["ls"] } },
      { action_type: "net.http_request", resource: "url://api.example.com/x" },
      { action_type: "net.http_request", resource: "url://elsewhere.test/x" },
      { action_type: "payments.refund", resource: "payment://a/b" },
      { action_type: "secrets.checkout", resource: "secret://vault/x", params: { secret_id: "x" } },
    ];
    const reasons = new Set<string>();
    for (const document of asked) {
      const { status, body } = await several.act(document, "/explain");
      expect(status).toBe(200);
      reasons.add(body.reason_code);
    }
    expect([...reasons].sort()).toEqual([
      "allow_by_rule",
      "deny_by_default",
      "deny_by_rule",
      "net_not_allowlisted",
      "require_approval_by_rule",
      "sandbox_required",
    ]);
  });
});
