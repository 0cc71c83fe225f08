import { describe, expect, it } from "vitest";
import { DEFAULT_EXECUTOR_SETTINGS } from "../../../../core/engine/mod.ts";
import { load } from "../../../property/policy_subject.ts";
import { arrivalOf, type TestWorld, testWorld } from "../../../support/engine.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function world(): Promise<TestWorld> {
  const made = await testWorld(
    await load([
      { id: "fs", action_type: "fs.read", resource: "file://workspace/**", decision: "ALLOW" },
      {
        id: "exec",
        action_type: "process.exec",
        resource: "file://workspace/**",
        decision: "ALLOW",
      },
      {
        id: "http",
        action_type: "net.http_request",
        resource: "url://a.test/**",
        decision: "ALLOW",
        obligations: { net_allowlist: ["a.test"] },
      },
    ], { index: true }),
    { settings: { ...DEFAULT_EXECUTOR_SETTINGS, maxOutputBytes: 8 } },
  );
  return made;
}

async function run(made: TestWorld, type: string, resource: string, params: object = {}) {
  const reply = await made.engine.run(arrivalOf(JSON.stringify({
    schema_version: "v1",
    action_id: "act_1",
    action_type: type,
    resource,
    params,
    trace_id: "trace_1",
    context: {},
  })));
  const events = made.storage.streams.stdout.trim().split("\n").map((line) => JSON.parse(line));
  const completed = events.find((event) => event.event_type === "action.completed");
  return {
    answered: reply.body.truncated,
    recorded: completed.executor_metadata,
    reason: reply.body.reason,
  };
}

describe("output that is cut for the answer", () => {
  it("of a request is cut on record", async () => {
    const made = await world();
    made.http.answers.push({ status: 200, headers: [], body: bytes("0123456789"), cut: false });
    const { answered, recorded } = await run(made, "net.http_request", "url://a.test/x");
    expect(answered).toBe(true);
    expect(recorded).toMatchObject({ truncated: true });
  });

  it("of a file is cut on record", async () => {
    const made = await world();
    made.workspace.files.set("a.txt", bytes("0123456789"));
    const { answered, recorded } = await run(made, "fs.read", "file://workspace/a.txt");
    expect(answered).toBe(true);
    expect(recorded).toMatchObject({ truncated: true });
  });

  it("of a process is cut on record, each stream by itself", async () => {
    const made = await world();
    made.processes.ends.push({
      stdout: bytes("0123456789"),
      stderr: bytes("short"),
      stdoutCut: false,
      stderrCut: false,
      exitCode: 0,
      ended: "exit",
      confinement: "none",
    });
    const params = { argv: ["true"] };
    const { answered, recorded } = await run(made, "process.exec", "file://workspace/", params);
    expect(answered).toBe(true);
    expect(recorded).toMatchObject({ stdout_truncated: true, stderr_truncated: false });
  });
});

describe("output that fits", () => {
  it("is not cut on record", async () => {
    const made = await world();
    made.http.answers.push({ status: 200, headers: [], body: bytes("0123"), cut: false });
    const { answered, recorded } = await run(made, "net.http_request", "url://a.test/x");
    expect(answered).toBeUndefined();
    expect(recorded).toMatchObject({ truncated: false });
  });
});

describe("the message of a failed execution", () => {
  it("is redacted by the rule's own patterns too", async () => {
    const made = await testWorld(
      await load([{
        id: "exec",
        action_type: "process.exec",
        resource: "file://workspace/**",
        decision: "ALLOW",
        obligations: { redact: ["planted[0-9]+"] },
      }], { index: true }),
    );
    made.processes.run = () =>
      Promise.resolve({
        ok: false,
        reason: { code: "execution_error", message: "Cannot run: it said planted123" },
      });
    const { reason } = await run(made, "process.exec", "file://workspace/", { argv: ["true"] });
    expect(reason).toContain("[REDACTED]");
    expect(reason + made.storage.streams.stdout).not.toContain("planted123");
  });
});
