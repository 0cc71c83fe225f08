import { describe, expect, it } from "vitest";
import { load } from "../../../property/policy_subject.ts";
import type { PlainRule } from "../../../property/reference_evaluator.ts";
import { approvalsOf } from "../approvals/support.ts";
import { arrivalOf, type TestWorld, testWorld } from "../../../support/engine.ts";

async function world(
  more: readonly PlainRule[] = [],
): Promise<TestWorld & { readonly looked: string[] }> {
  const made = await testWorld(
    await load([
      ...more,
      { id: "read", action_type: "fs.read", resource: "file://workspace/**", decision: "ALLOW" },
      { id: "keys", action_type: "*", resource: "file://workspace/keys/**", decision: "DENY" },
    ], { index: true }),
  );
  made.workspace.files.set("a.txt", new TextEncoder().encode("a"));
  made.workspace.files.set("keys/id", new TextEncoder().encode("k"));
  made.workspace.links.set("link", "keys/id");
  const looked: string[] = [];
  const hold = made.workspace.hold.bind(made.workspace);
  made.workspace.hold = (path, intent) => {
    looked.push(path);
    return hold(path, intent);
  };
  return { ...made, looked };
}

async function read(made: TestWorld, path: string, approval?: string) {
  const reply = await made.engine.run(arrivalOf(JSON.stringify({
    schema_version: "v1",
    action_id: "act_1",
    action_type: "fs.read",
    resource: `file://workspace/${path}`,
    params: {},
    trace_id: "trace_1",
    context: approval === undefined ? {} : { extensions: { approval: { approval_id: approval } } },
  })));
  return reply.body;
}

describe("a file", () => {
  it("is looked at when policy lets its name through, and judged again by what it is", async () => {
    const made = await world();
    expect(await read(made, "a.txt")).toMatchObject({ decision: "ALLOW", reason: "allow_by_rule" });
    expect(await read(made, "link")).toMatchObject({ decision: "DENY", reason: "deny_by_rule" });
    expect(made.looked).toEqual(["a.txt", "link"]);
    expect(made.workspace.held).toBe(0);
  });

  it("is not even looked at for who is denied it", async () => {
    const made = await world();
    expect(await read(made, "keys/id")).toMatchObject({ decision: "DENY", reason: "deny_by_rule" });
    expect(made.looked).toEqual([]);
  });
});

describe("an approval of what a symlink leads to", () => {
  const ASK: PlainRule = {
    id: "ask",
    action_type: "fs.read",
    resource: "file://workspace/asked/**",
    decision: "REQUIRE_APPROVAL",
  };
  it.each<[string, PlainRule]>([
    ["one action", ASK],
    ["a class", { ...ASK, obligations: { approval_scope_class: "action_type_resource" } }],
  ])("as %s is good for that file, and not for what the link means afterwards", async (_, rule) => {
    const made = await world([rule]);
    const approvals = await approvalsOf({}, { clock: made.clock });
    Object.assign(made.engine.parts, { approvals });
    for (const name of ["one", "two"]) {
      made.workspace.files.set(`asked/${name}`, new TextEncoder().encode(name));
    }
    made.workspace.links.set("link", "asked/one");
    const { decision, approval_id: id = "" } = await read(made, "link");
    expect(decision).toBe("REQUIRE_APPROVAL");
    const asked = await approvals.get(id);
    expect(asked.ok && asked.value.preview).toContain("leads to: file://workspace/asked/one");
    await approvals.decide(id, "APPROVE", { by: "op", channel: "cli" });
    made.workspace.links.set("link", "asked/two");
    expect((await read(made, "link", id)).decision).toBe("REQUIRE_APPROVAL");
    made.workspace.links.set("link", "asked/one");
    expect(await read(made, "link", id)).toMatchObject({ reason: "allow_by_approval" });
  });
});
