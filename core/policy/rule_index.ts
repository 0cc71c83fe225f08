import type { GlobSegment } from "../encoding/mod.ts";
import { type Candidates, candidatesOf, type PlacedRule } from "./candidates.ts";
import type { Question } from "./conditions.ts";
import { Pile } from "./pile.ts";
import { LiteralTable, type Segments, SegmentScan, TokenScan } from "./literal_table.ts";
import type { Matcher } from "./matcher.ts";
import type { Rule } from "./rule.ts";
import { SegmentTrie } from "./segment_trie.ts";

/**
 * Finds matching rules without asking each: by type, then by resource, then by argument vector, then by names; what
 * is left is asked. It is built ahead, so that no request pays for it; only the twin without regard to case waits
 * until somebody asks, because most workspaces have no use for it.
 */
export class RuleIndex implements Matcher {
  readonly #byType: ReadonlyMap<string, readonly PlacedRule[]>;
  readonly #exact = new Map<string, TypeIndex>();
  readonly #folded = new Map<string, TypeIndex>();
  readonly #table = new LiteralTable();
  readonly #scan = new SegmentScan();
  readonly #hits = new Pile<number>();

  constructor(rules: readonly Rule[]) {
    const byType = new Map<string, PlacedRule[]>();
    rules.forEach((rule, place) => {
      const list = byType.get(rule.actionType);
      if (list === undefined) byType.set(rule.actionType, [{ rule, place }]);
      else list.push({ rule, place });
    });
    this.#byType = byType;
    for (const [type, placed] of byType) {
      this.#exact.set(type, new TypeIndex(placed, (rule) => rule.glob.segments, this.#table));
    }
  }

  match(question: Question): readonly number[] {
    const hits = this.#hits;
    hits.clear();
    const own = this.#exact.get(question.type);
    const any = this.#exact.get("*");
    if (own !== undefined || any !== undefined) {
      this.#table.read(question.resource, this.#scan);
      own?.collect(this.#scan, question, hits);
      any?.collect(this.#scan, question, hits);
    }
    if (question.foldedResource !== undefined) this.#matchFolded(question, question.foldedResource);
    const places = hits.toArray();
    return places.length > 1 ? inOrder(places) : places;
  }

  onResource(question: Question): ReadonlySet<number> {
    const places = new Set<number>();
    this.#table.read(question.resource, this.#scan);
    for (const index of this.#exact.values()) index.addPlaces(this.#scan, places);
    if (question.foldedResource === undefined) return places;
    const folded = [...this.#byType.keys()].map((type) => this.#foldedIndexOf(type));
    this.#table.read(question.foldedResource, this.#scan);
    for (const index of folded) index?.addPlaces(this.#scan, places);
    return places;
  }

  #matchFolded(question: Question, resource: string): void {
    const own = this.#foldedIndexOf(question.type);
    const any = this.#foldedIndexOf("*");
    this.#table.read(resource, this.#scan);
    own?.collect(this.#scan, question, this.#hits);
    any?.collect(this.#scan, question, this.#hits);
  }

  #foldedIndexOf(type: string): TypeIndex | undefined {
    const known = this.#folded.get(type);
    if (known !== undefined) return known;
    const placed = this.#byType.get(type);
    // Types no rule names are not remembered: callers could invent them without end.
    if (placed === undefined) return undefined;
    const index = new TypeIndex(placed, (rule) => rule.foldedGlob?.segments, this.#table);
    this.#folded.set(type, index);
    return index;
  }
}

/** Sorts places and drops those that were found in two ways. */
function inOrder(places: readonly number[]): readonly number[] {
  return [...new Set(places)].sort((a, b) => a - b);
}

/** The rules of one action type, by resource. */
class TypeIndex {
  readonly #byResource: SegmentTrie<ResourceRules>;
  readonly #found = new Pile<ResourceRules>();

  constructor(
    rules: readonly PlacedRule[],
    segmentsOf: (rule: Rule) => readonly GlobSegment[] | undefined,
    table: LiteralTable,
  ) {
    this.#byResource = new SegmentTrie(table);
    const groups = new Map<ResourceRules, PlacedRule[]>();
    for (const placed of rules) {
      const segments = segmentsOf(placed.rule);
      if (segments === undefined) continue;
      const at = this.#byResource.at(segments, () => new ResourceRules(table));
      const group = groups.get(at);
      if (group === undefined) groups.set(at, [placed]);
      else group.push(placed);
    }
    for (const [at, group] of groups) at.fill(group);
  }

  addPlaces(segments: Segments, places: Set<number>): void {
    const found = this.#found;
    found.clear();
    this.#byResource.find(segments, found);
    for (let i = 0; i < found.count; i++) {
      for (const place of found.at(i)?.places ?? []) places.add(place);
    }
  }

  collect(segments: Segments, question: Question, hits: Pile<number>): void {
    const found = this.#found;
    found.clear();
    this.#byResource.find(segments, found);
    for (let i = 0; i < found.count; i++) found.at(i)?.collect(question, hits);
  }
}

/** The rules of one type and one resource pattern, by argument vector where they have patterns for it. */
class ResourceRules {
  places: readonly number[] = [];
  #anyArgv: Candidates | undefined;
  #byArgv: SegmentTrie<ArgvRules> | undefined;
  readonly #found = new Pile<ArgvRules>();
  readonly #table: LiteralTable;

  constructor(table: LiteralTable) {
    this.#table = table;
  }

  fill(rules: readonly PlacedRule[]): void {
    this.places = rules.map(({ place }) => place);
    const unlimited = rules.filter(({ rule }) => rule.argvPatterns === undefined);
    if (unlimited.length > 0) this.#anyArgv = candidatesOf(unlimited);
    if (unlimited.length === rules.length) return;
    const trie = this.#byArgv = new SegmentTrie<ArgvRules>(this.#table);
    const all = new Set<ArgvRules>();
    for (const placed of rules) {
      for (const pattern of placed.rule.argvPatterns ?? []) {
        const at = trie.at(pattern.map(tokenSegment), () => new ArgvRules());
        at.add(placed);
        all.add(at);
      }
    }
    for (const at of all) at.seal();
  }

  collect(question: Question, hits: Pile<number>): void {
    this.#anyArgv?.collect(question, hits);
    const { argv } = question;
    if (this.#byArgv === undefined || argv === undefined || question.type !== "process.exec") {
      return;
    }
    const found = this.#found;
    found.clear();
    this.#byArgv.find(new TokenScan(argv, this.#table), found);
    for (let i = 0; i < found.count; i++) found.at(i)?.collect(question, hits);
  }
}

function tokenSegment(token: string): GlobSegment {
  if (token === "**") return { kind: "globstar" };
  return token === "*" ? { kind: "any" } : { kind: "literal", text: token };
}

/** The rules of one argv pattern. */
class ArgvRules {
  readonly #rules = new Set<PlacedRule>();
  #candidates: Candidates | undefined;

  add(placed: PlacedRule): void {
    this.#rules.add(placed);
  }

  seal(): void {
    this.#candidates = candidatesOf([...this.#rules]);
  }

  collect(question: Question, hits: Pile<number>): void {
    this.#candidates?.collect(question, hits);
  }
}
