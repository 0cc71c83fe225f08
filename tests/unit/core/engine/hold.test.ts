import { describe, expect, it } from "vitest";
import { load } from "../../../property/policy_subject.ts";
import { arrivalOf, type TestWorld, testWorld } from "../../../support/engine.ts";

async function world(): Promise<TestWorld & { readonly looked: string[] }> {
  const made = await testWorld(
    await load([
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

async function read(made: TestWorld, path: string) {
  const reply = await made.engine.run(arrivalOf(JSON.stringify({
    schema_version: "v1",
    action_id: "act_1",
    action_type: "fs.read",
    resource: `file://workspace/${path}`,
    params: {},
    trace_id: "trace_1",
    context: {},
  })));
  return [reply.body.decision, reply.body.reason];
}

describe("a file", () => {
  it("is looked at when policy lets its name through, and judged again by what it is", async () => {
    const made = await world();
    expect(await read(made, "a.txt")).toEqual(["ALLOW", "allow_by_rule"]);
    expect(await read(made, "link")).toEqual(["DENY", "deny_by_rule"]);
    expect(made.looked).toEqual(["a.txt", "link"]);
    expect(made.workspace.held).toBe(0);
  });

  it("is not even looked at for who is denied it", async () => {
    const made = await world();
    expect(await read(made, "keys/id")).toEqual(["DENY", "deny_by_rule"]);
    expect(made.looked).toEqual([]);
  });
});
