import { describe, expect, it } from "vitest";
import { arrivalOf, snapshotOf, type TestWorld, testWorld } from "../../../support/engine.ts";
import { load } from "../../../property/policy_subject.ts";
import type { PlainRule } from "../../../property/reference_evaluator.ts";

const RULES: readonly PlainRule[] = [
  { id: "read", action_type: "fs.read", resource: "file://workspace/**", decision: "ALLOW" },
  { id: "write", action_type: "fs.write", resource: "file://workspace/**", decision: "ALLOW" },
  { id: "env", action_type: "*", resource: "file://workspace/**/.env", decision: "DENY" },
  {
    id: "refund",
    action_type: "payments.refund",
    resource: "payment://shop/**",
    decision: "ALLOW",
  },
  {
    id: "http",
    action_type: "net.http_request",
    resource: "url://**",
    decision: "REQUIRE_APPROVAL",
  },
];

async function world(rules: readonly PlainRule[] = RULES): Promise<TestWorld> {
  const made = await testWorld(await load(rules, { index: true }));
  made.workspace.files.set("README.md", new TextEncoder().encode("hello\n"));
  made.workspace.files.set(".env", new TextEncoder().encode("TOKEN=planted\n"));
  return made;
}

function request(type: string, resource: string, params: object = {}): string {
  return JSON.stringify({
    schema_version: "v1",
    action_id: "act_1",
    action_type: type,
    resource,
    params,
    trace_id: "trace_1",
    context: {},
  });
}

/** The events on record, each as its type and what it says. */
function events(made: TestWorld): Record<string, unknown>[] {
  return made.storage.streams.stdout.trim().split("\n").filter(Boolean).map((line) =>
    JSON.parse(line)
  );
}

describe("an action that is allowed", () => {
  it("is on record before it is performed, and how it ended after", async () => {
    const made = await world();
    let onRecord: unknown[] = [];
    const hold = made.workspace.hold.bind(made.workspace);
    made.workspace.hold = async (path, intent) => {
      const held = await hold(path, intent);
      if (!held.ok) return held;
      const read = held.value.read.bind(held.value);
      return {
        ...held,
        value: Object.assign(held.value, {
          read: (options: Parameters<typeof read>[0]) => {
            onRecord = events(made).map((event) => event["event_type"]);
            return read(options);
          },
        }),
      };
    };
    const reply = await made.engine.run(
      arrivalOf(request("fs.read", "file://workspace/README.md")),
    );
    expect(reply).toMatchObject({
      status: 200,
      body: { decision: "ALLOW", reason: "allow_by_rule", output: "hello\n" },
    });
    expect(onRecord).toEqual(["trace.start", "action.decision"]);
    expect(events(made).map((event) => event["event_type"])).toEqual([
      "trace.start",
      "action.decision",
      "action.completed",
      "trace.end",
    ]);
  });

  it("frees what it held, however it ends", async () => {
    const made = await world();
    await made.engine.run(arrivalOf(request("fs.read", "file://workspace/README.md")));
    await made.engine.run(arrivalOf(request("fs.read", "file://workspace/.env")));
    await made.engine.run(arrivalOf(request("fs.read", "file://workspace/none")));
    expect(made.workspace.held).toBe(0);
  });

  it("is not performed when it cannot be put on record", async () => {
    const made = await world();
    made.storage.streamFails = true;
    const body = request("fs.write", "file://workspace/new.txt", { content: "x" });
    const reply = await made.engine.run(arrivalOf(body));
    expect(reply.status).toBe(503);
    expect(reply.body.reason).toMatch(/^audit_unavailable: /);
    expect(made.workspace.files.has("new.txt")).toBe(false);
    made.storage.streamFails = false;
    const again = await made.engine.run(arrivalOf(body));
    expect(again.body.decision).toBe("ALLOW");
    expect(made.workspace.files.has("new.txt")).toBe(true);
  });

  it("is redacted before it is cut", async () => {
    const made = await world();
    const text = `Authorization: Token plantedsecret${"x".repeat(70_000)}\nnext\n`;
    made.workspace.files.set("log.txt", new TextEncoder().encode(text));
    const reply = await made.engine.run(arrivalOf(request("fs.read", "file://workspace/log.txt")));
    expect(reply.body.output).not.toContain("planted");
    expect(made.storage.streams.stdout).not.toContain("plantedsecret");
  });

  it("hides a key block that began above the first line asked for", async () => {
    const made = await world();
    const key = ["-----BEGIN PRIVATE", " KEY-----\nplantedplanted\nplantedagain\n"].join("");
    made.workspace.files.set("id.txt", new TextEncoder().encode(`notes\n${key}`));
    for (const offset_line of [2, 3, 4]) {
      const body = request("fs.read", "file://workspace/id.txt", { offset_line });
      const reply = await made.engine.run(arrivalOf(body));
      expect(reply.body.output, `from line ${offset_line}`).toBe("[REDACTED]");
    }
  });

  it("is authorized and not executed when it is a custom one", async () => {
    const made = await world();
    const reply = await made.engine.run(arrivalOf(request("payments.refund", "payment://shop/1")));
    expect(reply.body).toEqual({
      decision: "ALLOW",
      reason: "allow_by_rule",
      trace_id: "trace_1",
      action_id: "act_1",
      execution_mode: "external_authorized",
      report_path: "/actions/report",
    });
  });
});

describe("an action that is not allowed", () => {
  it("leaves all four events in one commit", async () => {
    const made = await world();
    const reply = await made.engine.run(arrivalOf(request("fs.read", "file://workspace/.env")));
    expect(reply.body).toEqual({
      decision: "DENY",
      reason: "deny_by_rule",
      trace_id: "trace_1",
      action_id: "act_1",
    });
    const [start, decision, completed, end] = events(made);
    expect(start).toMatchObject({ event_type: "trace.start", trace_id: "trace_1" });
    expect(decision).toMatchObject({
      event_type: "action.decision",
      decision: "DENY",
      reason: "deny_by_rule",
      matched_rule_ids: ["env"],
      result_classification: "DENIED_POLICY",
      resource_normalized: "file://workspace/.env",
      principal: "p",
      agent: "a",
      environment: "dev",
      risk_level: "low",
    });
    expect(completed).toMatchObject({
      event_type: "action.completed",
      decision: "DENY",
      duration_ms: 0,
    });
    expect(end).toMatchObject({ event_type: "trace.end" });
  });

  it("is denied by what a symlink inside the workspace points to", async () => {
    const made = await world();
    made.workspace.links.set("notes.txt", ".env");
    const reply = await made.engine.run(
      arrivalOf(request("fs.read", "file://workspace/notes.txt")),
    );
    expect(reply.body).toMatchObject({ decision: "DENY", reason: "deny_by_rule" });
  });

  it("does not learn from the answer whether a denied file exists", async () => {
    const made = await world();
    const there = await made.engine.run(arrivalOf(request("fs.read", "file://workspace/.env")));
    made.workspace.files.delete(".env");
    const gone = await made.engine.run(arrivalOf(request("fs.read", "file://workspace/.env")));
    expect(gone).toEqual(there);
  });

  it.each([
    ["protected by configuration", (made: TestWorld) => {
      const { policy } = made.engine.snapshot;
      made.engine.swap(
        snapshotOf(policy, { protectedResources: new Set(["file://workspace/README.md"]) }),
      );
    }],
    ["protected by identity", (made: TestWorld) => {
      made.workspace.protectedPaths.add("README.md");
    }],
  ])("is protected_path when the file is %s, whatever policy says", async (_, protect) => {
    const made = await world();
    protect(made);
    const reply = await made.engine.run(
      arrivalOf(request("fs.read", "file://workspace/README.md")),
    );
    expect(reply).toMatchObject({
      status: 200,
      body: { decision: "DENY", reason: "protected_path" },
    });
    const completed = events(made).find((event) => event["event_type"] === "action.completed");
    expect(completed).toMatchObject({ decision: "DENY", reason: "protected_path" });
  });

  it("names the fingerprint and no approval id when approvals are off", async () => {
    const made = await world();
    const reply = await made.engine.run(
      arrivalOf(request("net.http_request", "url://example.com/")),
    );
    // A request without a net_allowlist could never be performed: nobody is asked about it.
    expect(reply.body).toMatchObject({ decision: "DENY", reason: "net_not_allowlisted" });
    const withList = await world([{
      id: "http",
      action_type: "net.http_request",
      resource: "url://**",
      decision: "REQUIRE_APPROVAL",
      obligations: { net_allowlist: ["example.com"] },
    }]);
    const asked = await withList.engine.run(
      arrivalOf(request("net.http_request", "url://example.com/")),
    );
    expect(asked.body).toMatchObject({
      decision: "REQUIRE_APPROVAL",
      reason: "require_approval_by_rule",
      approval_fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(asked.body).not.toHaveProperty("approval_id");
    expect(withList.http.sent).toEqual([]);
  });
});

describe("an action that cannot be understood", () => {
  it.each([
    ["fs.read", "file://workspace/../x", {}, 400, "normalization_error"],
    ["fs.read", "file://workspace/x", { extra: 1 }, 200, "invalid_params"],
    ["mcp.call", "mcp://server/tool", {}, 200, "unsupported_action"],
    ["fs.read", "file://workspace/none", {}, 400, "execution_error"],
  ])(
    "answers %s %s with params %j by %i and %s, and is on record",
    async (type, resource, params, status, word) => {
      const made = await world();
      const reply = await made.engine.run(arrivalOf(request(type, resource, params)));
      expect(reply.status).toBe(status);
      expect(reply.body.reason?.split(":")[0]).toBe(word);
      expect(events(made).map((event) => event["event_type"])).toContain("action.completed");
    },
  );

  it("tells a fault without its details, and puts it on record", async () => {
    const made = await world();
    made.workspace.hold = () => Promise.reject(new Error("secret detail at /root/x.ts:1"));
    const reply = await made.engine.run(
      arrivalOf(request("fs.read", "file://workspace/README.md")),
    );
    expect(reply.status).toBe(500);
    expect(JSON.stringify(reply.body)).not.toContain("secret detail");
    expect(events(made).at(-2)).toMatchObject({ result_classification: "INTERNAL_ERROR" });
  });
});

describe("the engine as a whole", () => {
  it("judges a request by the snapshot it began with", async () => {
    const made = await world();
    const strict = await load([{ ...RULES[2], id: "only-deny" } as PlainRule], { index: true });
    const running = made.engine.run(arrivalOf(request("fs.read", "file://workspace/README.md")));
    made.engine.swap(snapshotOf(strict));
    expect((await running).body.decision).toBe("ALLOW");
    const later = await made.engine.run(
      arrivalOf(request("fs.read", "file://workspace/README.md")),
    );
    expect(later.body.decision).toBe("DENY");
  });

  it("lets nobody in once it was stopped", async () => {
    const made = await world();
    made.engine.stop();
    const reply = await made.engine.run(
      arrivalOf(request("fs.read", "file://workspace/README.md")),
    );
    expect(reply).toMatchObject({ status: 503, reason: "shutting_down" });
  });

  it("raises the fan-out flag at the hundredth action of a trace, for run and explain alike", async () => {
    const made = await world([{
      id: "few",
      action_type: "fs.read",
      resource: "file://workspace/**",
      decision: "ALLOW",
    }, {
      id: "many",
      action_type: "fs.read",
      resource: "file://workspace/**",
      decision: "DENY",
      risk_flags: ["risk.high_fanout"],
    }]);
    const body = request("fs.read", "file://workspace/README.md");
    for (let i = 1; i < 100; i++) {
      expect((await made.engine.run(arrivalOf(body))).body.decision).toBe("ALLOW");
    }
    const explained = await made.engine.explain(arrivalOf(body));
    expect(explained.ok && explained.value.decision.verdict).toBe("DENY");
    expect((await made.engine.run(arrivalOf(body))).body.decision).toBe("DENY");
  });

  it("bounds how many failed authentications it writes down", async () => {
    const made = await world();
    const refusing = { ...made.engine.parts.authenticator };
    Object.assign(made.engine.parts.authenticator, {
      authenticate: () =>
        Promise.resolve({ ok: false, reason: { code: "auth_error", message: "no" } }),
    });
    for (let i = 0; i < 500; i++) await made.engine.run(arrivalOf("{}"));
    made.clock.advance(1_000);
    await made.engine.run(arrivalOf("{}"));
    Object.assign(made.engine.parts.authenticator, refusing);
    await made.engine.parts.recorder.close();
    const failures = events(made).filter((event) => event["event_type"] === "auth.failed");
    expect(failures).toHaveLength(51);
    expect(failures.at(-1)?.["executor_metadata"]).toMatchObject({ suppressed_failures: 450 });
  });
});
