import { inSet, runEnd } from "./charset.ts";
import type { Cover, CoverList } from "./cover.ts";
import type { RunOptions } from "./scan.ts";

/** A covered run of characters that reached the end of the text that is there. */
interface OpenRun {
  readonly cover: Cover;
  readonly set: number;
  readonly dotted: boolean;
  at: number;
}

const DOT = 46;
const PLAIN: RunOptions = {};

/** Where runs of characters end, and the covers of those that go on in the next piece of a text. */
export class Runs {
  /** Chains of dotted runs were judged up to here. */
  dottedUntil = -1;
  readonly #covers: CoverList;
  #text = "";
  #final = false;
  #open: OpenRun[] = [];
  /** By the number of a set: where the run begins and ends that was asked for last. */
  #from: number[] = [];
  #end: number[] = [];

  /** @param covers where covered runs are entered */
  constructor(covers: CoverList) {
    this.#covers = covers;
  }

  /** Goes on with a text that became longer. */
  read(text: string, final: boolean): void {
    this.#text = text;
    this.#final = final;
    this.#from = [];
    this.#end = [];
    const open = this.#open;
    this.#open = [];
    for (const run of open) {
      run.at = this.#endOf(run.at, run.set, run.dotted);
      if (this.#goesOn(run.at, run.dotted)) this.#open.push(run);
      else run.cover.end = run.at;
    }
  }

  /** The end of the run of `set` that starts at `from`; asking twice about one run is free. */
  end(from: number, set: number): number {
    const slot = 31 - Math.clz32(set);
    const begin = this.#from[slot] ?? -1;
    const end = this.#end[slot] ?? 0;
    if (begin >= 0 && begin <= from && from <= end) return end;
    this.#from[slot] = from;
    return this.#end[slot] = runEnd(this.#text, from, set);
  }

  /** Covers from `start` to the end of the run of `set` that holds `within`. */
  cover(start: number, within: number, set: number, options: RunOptions = PLAIN): void {
    const { dotted = false, ifTouched = false } = options;
    const end = this.#endOf(within, set, dotted);
    if (this.#goesOn(end, dotted)) {
      const cover = { start, end: Infinity, ifTouched };
      this.#covers.insert(cover);
      this.#open.push({ cover, set, dotted, at: end });
    } else {
      this.#covers.add(start, end, ifTouched);
    }
  }

  /** Follows a text whose first `by` code units were dropped. */
  shift(by: number): void {
    this.dottedUntil -= by;
    for (const run of this.#open) run.at -= by;
  }

  #endOf(within: number, set: number, dotted: boolean): number {
    const text = this.#text;
    let end = this.end(within, set);
    if (!dotted) return end;
    while (text.charCodeAt(end) === DOT && inSet(text.charCodeAt(end + 1), set)) {
      end = this.end(end + 1, set);
    }
    this.dottedUntil = Math.max(this.dottedUntil, end);
    return end;
  }

  /** Whether more text could make a run longer that ends here by now. */
  #goesOn(end: number, dotted: boolean): boolean {
    if (this.#final) return false;
    const text = this.#text;
    return end === text.length ||
      (dotted && end + 1 === text.length && text.charCodeAt(end) === DOT);
  }
}
