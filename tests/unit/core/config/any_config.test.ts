import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { environmentKeys } from "../../../../core/config/mod.ts";
import { configSchema } from "../../../../core/config/schema.ts";
import { membersOf, type Schema } from "../../../../core/config/walk.ts";
import { load, MINIMAL, patched } from "./fixture.ts";

/** Every place of a config that has a name of its own. */
function pathsOf(schema: Schema, path: readonly string[] = []): string[][] {
  return Object.entries(membersOf(schema) ?? {}).flatMap(([name, member]) => {
    const own = [...path, name];
    return [own, ...pathsOf(member, own)];
  });
}

const PATHS = pathsOf(configSchema);

const anything = fc.jsonValue({ maxDepth: 3 });

/** Puts a value at a path. */
function at(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

describe("whatever a config holds", () => {
  it("it is accepted or refused with a reason, and never breaks the reader", async () => {
    const changes = fc.array(fc.tuple(fc.constantFrom(...PATHS), anything), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const config = changed.reduce(
          (text: unknown, [path, value]) => patched(text, at(path, value)),
          MINIMAL as unknown,
        );
        const result = await load({ config: JSON.stringify(config) });
        if (!result.ok) expect(result.reason.length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  it("it is no secret that is told", async () => {
    const secret = "a-secret-nobody-may-see";
    const named = fc.tuple(
      fc.constant(["identity", "api_keys"]),
      fc.constantFrom<unknown>({ [secret]: 7 }, { [secret]: "" }, { [secret]: { [secret]: 1 } }),
    );
    const held = fc.tuple(
      fc.constantFrom(
        ["identity", "api_keys"],
        ["identity", "agent_secrets"],
        ["identity", "service_secrets"],
        ["credentials", "secrets"],
        ["approvals", "webhook_token"],
        ["approvals", "slack_token"],
        ["mcp", "upstream_servers"],
      ),
      fc.constantFrom<unknown>(
        secret,
        [secret],
        { a: [secret] },
        { a: { b: secret } },
        [{ id: "x", value: secret, auth: { type: "bearer", token: [secret] } }],
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(named, held), async ([path, value]) => {
        const result = await load({ config: patched(MINIMAL, at(path, value)) });
        if (!result.ok) expect(JSON.stringify(result.reason)).not.toContain(secret);
      }),
      { numRuns: 200 },
    );
  });

  it("any text in any variable is accepted or refused with its name", async () => {
    const keys = fc.constantFrom(...environmentKeys());
    const texts = fc.oneof(fc.string(), fc.constantFrom("0", "-1", "true", "a,b", "1e9", "env:X"));
    await fc.assert(
      fc.asyncProperty(keys, texts, async (key, text) => {
        const result = await load({ variables: { [key.name]: text } });
        if (result.ok) return;
        const told = JSON.stringify(result.reason);
        const sections = `/${key.path[0]}/`;
        expect(told.includes(key.name) || told.includes(sections)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
