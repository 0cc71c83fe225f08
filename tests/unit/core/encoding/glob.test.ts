import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, foldCase, type GlobOptions } from "../../../../core/encoding/mod.ts";

function matches(pattern: string, resource: string, options?: GlobOptions): boolean {
  const glob = compileGlob(pattern, options);
  if (!glob.ok) throw new Error(glob.reason);
  return glob.value.matches(resource);
}

describe("a pattern", () => {
  it.each([
    // Whole segments.
    ["file://workspace/**", "file://workspace/", true],
    ["file://workspace/**", "file://workspace/a", true],
    ["file://workspace/**", "file://workspace/a/b/c", true],
    ["file://workspace/**", "file://workspaces/a", false],
    ["file://workspace/a/**", "file://workspace/a", true],
    ["file://workspace/a/**", "file://workspace/a/b", true],
    ["file://workspace/a/**", "file://workspace/ab", false],
    ["file://workspace/**/b", "file://workspace/b", true],
    ["file://workspace/**/b", "file://workspace/a/a/b", true],
    ["file://workspace/**/b", "file://workspace/a/bb", false],
    ["file://workspace/**/b/**/d", "file://workspace/b/x/b/y/d", true],
    ["file://workspace/**/b/c", "file://workspace/b/b/c", true],
    ["file://workspace/**/**/**", "file://workspace/", true],
    ["url://**", "url://example.com/", true],
    ["url://**", "url://example.com:8080/a/b", true],
    ["url://**", "urls://example.com/", false],
    ["**", "url://example.com/a", true],
    ["url://**/admin", "url://a.example/x/admin", true],
    // One segment.
    ["url://*/a", "url://example.com/a", true],
    ["url://*/a", "url://example.com/b/a", false],
    ["file://workspace/*", "file://workspace/a", true],
    ["file://workspace/*", "file://workspace/", true],
    ["file://workspace/*", "file://workspace/a/b", false],
    ["file://workspace/*/*", "file://workspace/a", false],
    // Inside a segment.
    ["file://workspace/*.ts", "file://workspace/a.ts", true],
    ["file://workspace/*.ts", "file://workspace/.ts", true],
    ["file://workspace/*.ts", "file://workspace/a.tsx", false],
    ["file://workspace/*.ts", "file://workspace/a/b.ts", false],
    ["file://workspace/a*b*c", "file://workspace/axxbyybzc", true],
    ["file://workspace/a*b*c", "file://workspace/axxcyyb", false],
    ["file://workspace/a**c", "file://workspace/abc", true],
    ["file://workspace/a**c", "file://workspace/a/c", false],
    ["file://workspace/?", "file://workspace/a", true],
    ["file://workspace/?", "file://workspace/", false],
    ["file://workspace/?", "file://workspace/ab", false],
    ["file://workspace/?", "file://workspace/😀", true],
    ["file://workspace/??", "file://workspace/😀", false],
    ["file://workspace/?*?", "file://workspace/😀", false],
    ["file://workspace/?*?", "file://workspace/😀x", true],
    ["file://workspace/*?", "file://workspace/😀", true],
    ["url://*.example.com/**", "url://api.example.com/x", true],
    ["url://*.example.com/**", "url://example.com/x", false],
    ["url://*.example.com/**", "url://api.example.com.evil.org/x", false],
    ["url://api-?.example.com/", "url://api-1.example.com/", true],
    // Everything else is itself.
    ["file://workspace/[a]", "file://workspace/[a]", true],
    ["file://workspace/[a]", "file://workspace/a", false],
    ["file://workspace/{a,b}", "file://workspace/a", false],
    ["file://workspace/a.b", "file://workspace/axb", false],
    ["file://workspace/a%20b", "file://workspace/a b", false],
    ["file://workspace/A", "file://workspace/a", false],
    ["file://workspace/!a", "file://workspace/b", false],
    ["file://workspace/a", "file://workspace/a*b", false],
    ["file://workspace/a*b", "file://workspace/a*b", true],
    ["file://workspace/a*c", "file://workspace/a*bc", true],
    ["url://[::1]/**", "url://[::1]/a", true],
    // Spelling: like resources are normalized.
    ["URL://Example.COM/**", "url://example.com/a", true],
    ["url://Example.COM:443/**", "url://example.com/a", true],
    ["url://*.Example.COM:080/**", "url://a.example.com/x", true],
    ["url://*.example.com:08443/**", "url://a.example.com:8443/x", true],
    ["url://bücher.example/**", "url://xn--bcher-kva.example/a", true],
    ["url://*.bücher.example/**", "url://a.xn--bcher-kva.example/a", true],
    ["url://10.*.*.1/**", "url://10.2.3.1/a", true],
    ["url://0x7f.1/**", "url://127.0.0.1/a", true],
    ["url://[0:0::1]:80/**", "url://[::1]/a", true],
    ["url://example.com./**", "url://example.com/a", true],
    ["url://*.example.com./**", "url://a.example.com/a", true],
    ["FILE:///src/**", "file://workspace/src/a", true],
    ["file://WORKSPACE/src", "file://workspace/src", true],
    ["repo://Org/Repo", "repo://org/repo", true],
    ["secret://Vault/*-KEY", "secret://vault/api-key", true],
    ["payment://Shop.Example.com/**", "payment://shop.example.com/orders/1", true],
    ["mcp://Server/Tool", "mcp://Server/Tool", true],
    ["mcp://Server/Tool", "mcp://server/tool", false],
    ["file://workspace/caf\u0065\u0301", "file://workspace/caf\u00e9", true],
    ["repo://\u03a3*/x", "repo://\u03c3\u03b1\u03c3/x", true],
  ])("%j on %j: %j", (pattern, resource, expected) => {
    expect(matches(pattern, resource)).toBe(expected);
  });

  it.each([["", "empty"], ["file://workspace\\a", "backslash"], ["a\\*b", "backslash"]])(
    "that is %j is refused",
    (pattern, why) => {
      const glob = compileGlob(pattern);
      expect(glob.ok ? "" : glob.reason).toContain(why);
    },
  );

  it("keeps the text it was written as, and shows its parts for an index", () => {
    const glob = compileGlob("URL://**/**/A/*/x*");
    if (!glob.ok) throw new Error(glob.reason);
    expect(glob.value.pattern).toBe("URL://**/**/A/*/x*");
    expect(glob.value.segments).toEqual([
      { kind: "literal", text: "url:" },
      { kind: "literal", text: "" },
      { kind: "globstar" },
      { kind: "literal", text: "A" },
      { kind: "any" },
      { kind: "wild", text: "x*" },
    ]);
    expect(glob.value.folded).toBeUndefined();
  });
});

describe("a pattern without regard to case", () => {
  it.each([
    ["file://workspace/.ENV", "file://workspace/.env", true],
    ["file://workspace/*.Key", "file://workspace/a.kEY", true],
    ["file://workspace/straße", "file://workspace/STRASSE", true],
    ["file://workspace/\u212aey", "file://workspace/key", true],
    ["file://workspace/ΣΑΣ", "file://workspace/σας", true],
    ["file://workspace/*Σ", "file://workspace/ΑΣ", true],
    ["file://workspace/É", "file://workspace/é", true],
    ["file://workspace/fil?", "file://workspace/filß", true],
    ["file://workspace/a/**", "file://workspace/A/B", true],
    ["file://workspace/a", "file://workspace/b", false],
    ["file://workspace/ab", "file://workspace/A", false],
  ])("%j on %j: %j", (pattern, resource, expected) => {
    expect(matches(pattern, resource, { ignoreCase: true })).toBe(expected);
  });

  it("covers whatever it covers with regard to case, and any spelling of it in another case", () => {
    fc.assert(
      fc.property(patterns, resources, (pattern, resource) => {
        if (!matches(pattern, resource)) return;
        expect(matches(pattern, resource, { ignoreCase: true })).toBe(true);
        expect(matches(pattern, resource.toUpperCase(), { ignoreCase: true })).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("can be indexed through its folded twin", () => {
    const glob = compileGlob("file://workspace/Src/**", { ignoreCase: true });
    expect(glob.ok && glob.value.folded?.matches(foldCase("file://workspace/sRC/a"))).toBe(true);
  });
});

const segment = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom("**", "*", "", "a", "b") },
  fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "😀"), maxLength: 5 }),
);
const patterns = fc.array(segment, { minLength: 1, maxLength: 7 }).map((parts) =>
  `x:${parts.join("/")}`
);
const resources = fc.array(
  fc.string({ unit: fc.constantFrom("a", "b", "😀"), maxLength: 4 }),
  { maxLength: 7 },
).map((parts) => `x:${parts.join("/")}`);

describe("matching", () => {
  it("agrees with a naive matcher on any pattern and any resource", () => {
    fc.assert(
      fc.property(patterns, resources, (pattern, resource) => {
        expect(matches(pattern, resource)).toBe(naive(pattern, resource));
      }),
      { numRuns: 5000 },
    );
  });

  // With backtracking over every `**` or `*` each of these would run for longer than anybody waits.
  it.each([
    ["**/a/**/b/**/c/**/x", `u://h/${"a/b/c/".repeat(270)}`],
    [`${"**/".repeat(200)}x`, `u://h/${"a/".repeat(10_000)}`],
    [`${"**/a/".repeat(100)}x`, `u://h/${"a/".repeat(10_000)}`],
    [`u://h/${"*a".repeat(100)}*x`, `u://h/${"a".repeat(60_000)}`],
    [`**/${"*a".repeat(20)}x/**/y`, `u://h/${`${"a".repeat(60)}/`.repeat(1000)}`],
  ])("stays quick on %j", (pattern, resource) => {
    expect(matches(pattern, resource)).toBe(false);
  });
});

/** The definition, word by word, with remembered answers. */
function naive(pattern: string, resource: string): boolean {
  return whole(
    pattern.split("/"),
    resource.split("/"),
    (part) => part === "**",
    (part, text) =>
      whole([...part], [...text], (char) => char === "*", (char, c) => char === "?" || char === c),
  );
}

function whole(
  parts: string[],
  items: string[],
  isMany: (part: string) => boolean,
  fits: (part: string, item: string) => boolean,
): boolean {
  const known = new Map<string, boolean>();
  const from = (p: number, i: number): boolean => {
    const key = `${p},${i}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const [part, item] = [parts[p], items[i]];
    let answer: boolean;
    if (part === undefined) answer = item === undefined;
    else if (isMany(part)) answer = from(p + 1, i) || (item !== undefined && from(p, i + 1));
    else answer = item !== undefined && fits(part, item) && from(p + 1, i + 1);
    known.set(key, answer);
    return answer;
  };
  return from(0, 0);
}
