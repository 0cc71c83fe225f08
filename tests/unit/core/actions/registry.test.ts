import { describe, expect, it } from "vitest";
import { actionTypes, customActionType, findActionType } from "../../../../core/actions/mod.ts";
import { schemesOf } from "../../../../core/model/mod.ts";
import { SETTINGS } from "../../../support/perform.ts";

describe("the registry of action types", () => {
  it("has each name once, and every name is a built-in one with its schemes", () => {
    expect(new Set(actionTypes.map((type) => type.name)).size).toBe(actionTypes.length);
    for (const type of actionTypes) {
      expect([...type.schemes].sort()).toEqual([...schemesOf(type.name)].sort());
      expect(findActionType(type.name)).toBe(type);
    }
  });

  it("has the tools that agents know, by both names", () => {
    const names = actionTypes.flatMap((type) =>
      type.tool ? [[type.name, type.tool.name, type.tool.alias]] : []
    );
    expect(names).toEqual(expect.arrayContaining([
      ["fs.read", "nomos_fs_read", "read_file"],
      ["fs.write", "nomos_fs_write", "write_file"],
      ["repo.apply_patch", "nomos_apply_patch", "apply_patch"],
    ]));
    const all = names.flatMap(([, name, alias]) => [name, alias]);
    expect(new Set(all).size).toBe(all.length);
  });

  it("knows nothing else, not even names that JavaScript knows", () => {
    for (const name of ["payments.refund", "__proto__", "constructor", ""]) {
      expect(findActionType(name)).toBe(undefined);
    }
  });
});

describe("a custom action type", () => {
  it("takes any params and is executed by its caller", () => {
    const type = customActionType("payments.refund");
    expect(type).toMatchObject({
      name: "payments.refund",
      execution: "external",
      risk: [],
      schemes: [],
    });
    expect(type?.execute).toBe(undefined);
    expect(type?.hold).toBe(undefined);
    const params = { amount: 3, nested: { any: ["thing"] } };
    expect(type?.parse(params, "payment://shop/1", SETTINGS)).toEqual({ ok: true, value: params });
  });

  it("cannot have a built-in name, nor one that is not well-formed", () => {
    const bad = [
      "fs.read",
      "mcp.call",
      "mcp.sample",
      "secrets.checkout",
      "refund",
      "Pay.x",
      "a..b",
      "a.b-c",
      ".a.b",
      "a.b.",
      "",
      `a.${"b".repeat(200)}`,
    ];
    for (const name of bad) expect(customActionType(name)).toBe(undefined);
    for (const name of ["a.b", "a1_.b_2.c", "fs.reader"]) {
      expect(customActionType(name)?.name).toBe(name);
    }
  });
});
