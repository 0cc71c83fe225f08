import { describe, expect, it } from "vitest";
import { ownersOfScheme, schemesOf } from "../../../../core/model/mod.ts";

describe("the scheme table", () => {
  it.each([
    ["fs.read", ["file"]],
    ["fs.write", ["file"]],
    ["repo.apply_patch", ["file", "repo"]],
    ["process.exec", ["file"]],
    ["net.http_request", ["url"]],
    ["secrets.checkout", ["secret"]],
    ["mcp.call", ["mcp"]],
    ["mcp.resource_read", ["mcp"]],
    ["payments.refund", []],
    ["constructor", []],
  ])("lets %s act on %j", (type, schemes) => {
    expect(schemesOf(type)).toEqual(schemes);
  });

  it("knows no owner of a custom scheme", () => {
    expect(ownersOfScheme("payment")).toBeUndefined();
    expect(ownersOfScheme("__proto__")).toBeUndefined();
    expect(ownersOfScheme("repo")).toEqual(["repo.apply_patch"]);
  });
});
