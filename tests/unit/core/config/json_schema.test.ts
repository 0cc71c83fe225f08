import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { configJsonSchema } from "../../../../core/config/mod.ts";
import { MINIMAL, patched } from "./fixture.ts";

const validate = new Ajv2020({ strict: false, allErrors: true }).compile(configJsonSchema());

/** Every key of the schema, by pointer. */
function keysOf(schema: unknown, pointer = ""): [string, Record<string, unknown>][] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties, items, anyOf } = schema as Record<string, unknown>;
  const below = [
    ...Object.entries(properties ?? {}).map(([name, key]) => [`${pointer}/${name}`, key] as const),
    ...[items, ...Array.isArray(anyOf) ? anyOf : []].map((key) => [`${pointer}/*`, key] as const),
  ];
  return below.flatMap(([at, key]) =>
    typeof key === "object" && key !== null
      ? [[at, key as Record<string, unknown>], ...keysOf(key, at)]
      : []
  );
}

describe("the JSON Schema of configs", () => {
  it("describes every key", () => {
    const silent = keysOf(configJsonSchema())
      .filter(([pointer, key]) => !pointer.endsWith("/*") && key["description"] === undefined);
    expect(silent.map(([pointer]) => pointer)).toEqual([]);
  });

  it("accepts what loads, empty texts and plain routes included", () => {
    const config = patched(MINIMAL, {
      $schema: "x",
      policy: { signature_path: "" },
      approvals: { store_path: "", slack_token: "" },
      upstream: { routes: ["https://a.example", { url: "https://b.example" }] },
    });
    expect(validate(config), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    ["an unknown key", { gateway: { listn: "x" } }],
    ["a wrong type", { gateway: { concurrency_limit: "x" } }],
    ["a number out of range", { gateway: { concurrency_limit: 0 } }],
    ["an unknown word", { runtime: { deployment_mode: "x" } }],
    ["no policy", { policy: null }],
    ["no identity", { identity: null }],
  ])("refuses %s", (_, change) => {
    expect(validate(patched(MINIMAL, change))).toBe(false);
  });

  it("says of a key that is not built yet that it is not", () => {
    const keys = new Map(keysOf(configJsonSchema()));
    expect(keys.get("/approvals/slack_token")?.["description"]).toContain("Not built yet");
    expect(keys.get("/approvals/webhook_token")?.["description"]).not.toContain("Not built yet");
  });
});
