import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toWirePath } from "../../../../core/encoding/mod.ts";

describe("toWirePath", () => {
  it.each([
    ["/", "/"],
    ["/a/b.txt", "/a/b.txt"],
    ["/a b", "/a%20b"],
    ["/100%", "/100%25"],
    ["/%2e%2e", "/%252e%252e"],
    ["/a?b#c", "/a%3Fb%23c"],
    ["/é/文", "/%C3%A9/%E6%96%87"],
    ["/😀", "/%F0%9F%98%80"],
    ["/-._~!$&'()*+,;=:@", "/-._~!$&'()*+,;=:@"],
    ['/"<>[]^`{|}', "/%22%3C%3E%5B%5D%5E%60%7B%7C%7D"],
  ])("writes %j as %j", (path, expected) => {
    expect(toWirePath(path)).toBe(expected);
  });

  it("comes back from decoding once, and holds only what a path may hold", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (path) => {
      const wire = toWirePath(path);
      expect(decodeURIComponent(wire)).toBe(path);
      expect(wire).toMatch(/^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-F]{2})*$/);
    }));
  });
});
