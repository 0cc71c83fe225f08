import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, type Glob } from "../../../../core/encoding/mod.ts";
import { candidatesOf } from "../../../../core/policy/candidates.ts";
import { DecisionCache } from "../../../../core/policy/decision_cache.ts";
import { LiteralTable, SegmentScan, TokenScan } from "../../../../core/policy/literal_table.ts";
import { Pile } from "../../../../core/policy/pile.ts";
import { SegmentTrie } from "../../../../core/policy/segment_trie.ts";
import { WildIndex } from "../../../../core/policy/wild_index.ts";
import { questionOf } from "../../../../core/policy/mod.ts";
import { action, bundleOf, NOW, policyOf } from "./support.ts";

const part = fc.constantFrom("a", "b", "ab", "", "*", "**", "a*", "*b", "?", "a?b", "𝒳", "?b*");
const text = fc.constantFrom("a", "b", "ab", "", "axb", "𝒳", "𝒳b", "zz", "aab");

describe("many patterns at once", () => {
  it("find what each pattern alone would match, each once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(part, { minLength: 1, maxLength: 6 }), { maxLength: 12 }),
        fc.array(text, { minLength: 1, maxLength: 7 }),
        (patterns, segments) => {
          const globs = patterns.map((parts) => parts.join("/")).filter((p) => p !== "").map(
            globOf,
          );
          const table = new LiteralTable();
          const trie = new SegmentTrie<Set<number>>(table);
          globs.forEach((glob, i) => trie.at(glob.segments, () => new Set()).add(i));
          const scan = new SegmentScan();
          const resource = segments.join("/");
          for (let round = 0; round < 2; round++) {
            const found = new Pile<Set<number>>();
            table.read(resource, scan);
            trie.find(scan, found);
            const indexes = found.toArray().flatMap((set) => [...set]).sort((a, b) => a - b);
            const wanted = globs.flatMap((glob, i) => glob.matches(resource) ? [i] : []);
            expect(indexes).toEqual(wanted);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("take no exponential time", () => {
    const table = new LiteralTable();
    const trie = new SegmentTrie<string>(table);
    for (let i = 0; i < 50; i++) {
      const pattern = `**/${"**/a/".repeat(i)}b`;
      trie.at(globOf(pattern).segments, () => pattern);
    }
    const scan = new SegmentScan();
    table.read("a/".repeat(2_000), scan);
    const found = new Pile<string>();
    trie.find(scan, found);
    expect(found.count).toBe(0);
  });
});

function globOf(pattern: string): Glob {
  const glob = compileGlob(pattern);
  if (!glob.ok) throw new Error(glob.reason);
  return glob.value;
}

describe("the table of literals", () => {
  it("cuts a resource where it is split, and numbers what it knows", () => {
    const table = new LiteralTable();
    const known = [
      "file:",
      "",
      "workspace",
      "src",
      "ä",
      ...Array.from({ length: 100 }, (_, i) => `dir${i}`),
    ];
    const ids = new Map(known.map((word) => [word, table.add(word)]));
    expect(new Set(ids.values()).size).toBe(known.length);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...known), fc.string()), { minLength: 1 }),
        (parts) => {
          const resource = parts.join("/");
          const scan = new SegmentScan();
          table.read(resource, scan);
          const segments = resource.split("/");
          expect(scan.count).toBe(segments.length);
          segments.forEach((segment, i) => {
            expect(scan.textAt(i)).toBe(segment);
            expect(scan.idAt(i)).toBe(ids.get(segment) ?? 0);
          });
        },
      ),
    );
  });

  it("never takes one text for another that its hash leads to", () => {
    const table = new LiteralTable();
    const id = table.add("abc");
    const scan = new SegmentScan();
    for (let i = 0; i < 5_000; i++) {
      // Of sixteen slots, every sixteenth text leads to the one that is taken.
      table.read(i.toString(36).padStart(3, "z"), scan);
      expect(scan.idAt(0)).toBe(0);
    }
    table.read("abc", scan);
    expect(scan.idAt(0)).toBe(id);
  });

  it("numbers tokens without cutting them", () => {
    const table = new LiteralTable();
    const id = table.add("a/b");
    const scan = new TokenScan(["a/b", "a"], table);
    expect([scan.count, scan.idAt(0), scan.idAt(1), scan.textAt(1)]).toEqual([2, id, 0, "a"]);
  });
});

describe("the index of wild segments", () => {
  const wild = fc.stringMatching(/^[ab]{0,2}[*?][ab*?]{0,3}$/).filter((p) =>
    p !== "*" && p !== "**"
  );

  it("finds what each pattern alone would match", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(wild, { maxLength: 12 }),
        fc.stringMatching(/^[ab]{0,6}$/),
        (patterns, segment) => {
          const index = new WildIndex<string>();
          for (const pattern of patterns) index.add(pattern, pattern);
          const found: string[] = [];
          index.collect(segment, found);
          const wanted = patterns.filter((pattern) => globOf(pattern).matches(segment));
          expect(found.sort()).toEqual(wanted.sort());
          for (const pattern of patterns) expect(index.get(pattern)).toBe(pattern);
          expect(index.get("zz*")).toBeUndefined();
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("candidates", () => {
  const names = fc.option(fc.subarray(["a", "b", "c", "d"]), { nil: undefined });
  const rule = fc.record({ principals: names, agents: names, environments: names });

  it("told apart by names are those that match one by one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { minLength: 9, maxLength: 40 }), async (rules) => {
        const bundle = await bundleOf(rules);
        const placed = bundle.rules.map((one, place) => ({ rule: one, place }));
        for (const name of ["a", "b", "e"]) {
          const facts = action({
            identity: { principal: name, agent: "c", environment: "d", method: "asserted" },
          });
          const hits = new Pile<number>();
          candidatesOf(placed).collect(questionOf(facts, NOW), hits);
          const wanted = placed.filter(({ rule: { principals, agents, environments } }) =>
            [[principals, name], [agents, "c"], [environments, "d"]].every(([list, one]) =>
              list?.length === 0 || list?.includes(String(one))
            )
          );
          expect(hits.toArray().sort((a, b) => a - b)).toEqual(wanted.map(({ place }) => place));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("the cache of decisions", () => {
  it("makes each set once, up to a bound, and goes on beyond it", async () => {
    const policy = await policyOf([{}]);
    const decision = policy.evaluate(action(), NOW);
    const cache = new DecisionCache();
    let made = 0;
    const get = (hits: readonly number[]) => cache.get(hits, () => (made++, decision));
    for (let i = 0; i < 20_000; i++) expect(get([i])).toBe(decision);
    expect(made).toBe(20_000);
    get([5]);
    get([]);
    get([]);
    expect(made).toBe(20_001);
    get([19_999]);
    expect(made).toBe(20_002);
  });
});
