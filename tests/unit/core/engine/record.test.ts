import { describe, expect, it } from "vitest";
import { createLeases } from "../../../../core/leases/mod.ts";
import { load } from "../../../property/policy_subject.ts";
import { arrivalOf, type TestWorld, testWorld } from "../../../support/engine.ts";

async function world(): Promise<TestWorld> {
  const made = await testWorld(
    await load([
      {
        id: "exec",
        action_type: "process.exec",
        resource: "file://workspace/**",
        decision: "ALLOW",
      },
      { id: "lend", action_type: "secrets.checkout", resource: "secret://**", decision: "ALLOW" },
      {
        id: "ask",
        action_type: "fs.write",
        resource: "file://workspace/**",
        decision: "REQUIRE_APPROVAL",
      },
    ], { index: true }),
  );
  const { clock, ids } = made.engine.parts;
  Object.assign(made.engine.parts.ports, {
    leases: createLeases([{ id: "key", envKey: "KEY", value: "planted-value", ttlSeconds: 60 }], {
      clock,
      ids,
    }),
  });
  return made;
}

async function run(made: TestWorld, type: string, resource: string, params: object) {
  return await made.engine.run(arrivalOf(JSON.stringify({
    schema_version: "v1",
    action_id: "act_1",
    action_type: type,
    resource,
    params,
    trace_id: "trace_1",
    context: {},
  })));
}

/** The newest decision and completion on record. */
function newest(made: TestWorld) {
  const events = made.storage.streams.stdout.trim().split("\n").map((line) => JSON.parse(line));
  const last = (type: string) => events.findLast((event) => event.event_type === type);
  return [last("action.decision"), last("action.completed")];
}

describe("the record of a process that gets a secret", () => {
  it("names the lease before it runs, and after, however it ends", async () => {
    const made = await world();
    const lent = await run(made, "secrets.checkout", "secret://vault/key", { secret_id: "key" });
    const lease = lent.body.credential_lease_id;
    made.processes.run = () =>
      Promise.resolve({ ok: false, reason: { code: "execution_error", message: "Cannot run" } });
    const params = { argv: ["true"], env_allowlist_keys: ["KEY"], credential_lease_ids: [lease] };
    const reply = await run(made, "process.exec", "file://workspace/", params);
    expect(reply.reason).toBe("execution_error");
    expect(newest(made)).toMatchObject([
      { decision: "ALLOW", credential_lease_ids: [lease] },
      { decision: "ALLOW", credential_lease_ids: [lease] },
    ]);
  });

  it("repeats nothing that is no lease", async () => {
    const made = await world();
    const params = { argv: ["true"], credential_lease_ids: ["lease_", "a secret by mistake"] };
    const reply = await run(made, "process.exec", "file://workspace/", params);
    expect(reply.reason).toBe("credentials_unavailable");
    for (const event of newest(made)) expect(event).not.toHaveProperty("credential_lease_ids");
  });
});

describe("the record of an action that waits while approvals are off", () => {
  it("has the fingerprint that the answer has", async () => {
    const made = await world();
    const reply = await run(made, "fs.write", "file://workspace/a", { content: "x" });
    expect(reply.body.decision).toBe("REQUIRE_APPROVAL");
    for (const event of newest(made)) {
      expect(event).toMatchObject({ action_fingerprint: reply.body.approval_fingerprint });
      expect(event).not.toHaveProperty("approval_id");
    }
  });
});

describe("the record of an action that the caller executes", () => {
  it("claims nothing about a network that Nomos does not control", async () => {
    const made = await world();
    await run(made, "payments.refund", "payment://shop/1", {});
    for (const event of newest(made)) expect(event).not.toHaveProperty("network_mode");
    await run(made, "fs.read", "file://workspace/a", {});
    for (const event of newest(made)) expect(event).toMatchObject({ network_mode: "deny" });
  });
});
