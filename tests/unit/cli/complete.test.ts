import { describe, expect, it } from "vitest";
import { candidates } from "../../../cli/complete.ts";

describe("what may come next", () => {
  const CASES: readonly (readonly [words: readonly string[], wanted: readonly string[]])[] = [
    [["doc"], ["doctor"]],
    [["policy", "t"], ["test"]],
    [["policy", "test", "--ex"], ["--expect"]],
    [["policy", "test", "--expect", ""], ["ALLOW", "DENY", "REQUIRE_APPROVAL"]],
    [["policy", "test", "--expect", "D"], ["DENY"]],
    [["audit", "tail", "log", "-o", "j"], ["json"]],
    [["policy", "test", "--bundle", "pol"], []],
    [["audit", "verify", "aud"], []],
    [["nonsense", ""], []],
  ];
  it.each(CASES)("completes %j", async (words, wanted) => {
    const found = (await candidates(words)).split("\n").filter(Boolean);
    expect(found.map((line) => line.split("\t")[0])).toEqual(wanted);
  });
});
