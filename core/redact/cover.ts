import { MARKER } from "./marker.ts";

/** A stretch of text that must not be seen. Offsets count UTF-16 code units; `end` is exclusive. */
export interface Cover {
  start: number;
  /** `Infinity` while the end is not known: a line without its newline, a block without its END. */
  end: number;
  /**
   * Counts only where it touches text that is removed anyway. A token whose class needs a boundary in
   * front of it has one as soon as its neighbour is gone: without this, a second pass would remove
   * what the first one left.
   */
  readonly ifTouched: boolean;
}

/** Covers in the order of their starts. Those of one source come nearly sorted, so inserting is cheap. */
export class CoverList {
  #items: Cover[] = [];
  #head = 0;
  #probe = 0;
  /** The farthest end of all covers that start at or before the last probed offset. */
  #reach = -1;

  /** Adds a cover whose end is known, by stretching the cover before it where the two touch. */
  add(start: number, end: number, ifTouched = false): void {
    if (end <= start) return;
    const last = this.#head < this.#items.length ? this.#items.at(-1) : undefined;
    const touches = last !== undefined && last.start <= start && start <= last.end;
    if (touches && last.end !== Infinity && !last.ifTouched) {
      last.end = Math.max(last.end, end);
      if (this.#probe === this.#items.length) this.#reach = Math.max(this.#reach, last.end);
    } else {
      this.insert({ start, end, ifTouched });
    }
  }

  /** Adds a cover whose end its owner will set. */
  insert(cover: Cover): void {
    let i = this.#items.length;
    while (i > this.#head && (this.#items[i - 1]?.start ?? -1) > cover.start) i--;
    if (i === this.#items.length) this.#items.push(cover);
    else this.#items.splice(i, 0, cover);
    if (i < this.#probe) {
      this.#probe++;
      this.#reach = Math.max(this.#reach, cover.end);
    }
  }

  /** The next cover that starts before `limit`, or undefined. */
  peek(limit: number): Cover | undefined {
    const cover = this.#items[this.#head];
    return cover !== undefined && cover.start < limit ? cover : undefined;
  }

  take(): void {
    const cover = this.#items[this.#head];
    if (cover !== undefined && this.#probe <= this.#head) {
      this.#probe = this.#head + 1;
      this.#reach = Math.max(this.#reach, cover.end);
    }
    this.#head++;
  }

  /** Whether a cover lies over the offset. Offsets must not decrease from call to call. */
  lies(over: number): boolean {
    let next = this.#items[this.#probe];
    while (next !== undefined && next.start <= over) {
      this.#reach = Math.max(this.#reach, next.end);
      next = this.#items[++this.#probe];
    }
    return over < this.#reach;
  }

  /** Follows a text whose first `by` code units were dropped. */
  shift(by: number): void {
    this.#items = this.#items.slice(this.#head);
    this.#probe -= this.#head;
    this.#head = 0;
    this.#reach -= by;
    for (const cover of this.#items) shiftCover(cover, by);
  }
}

function shiftCover(cover: Cover, by: number): void {
  cover.start -= by;
  cover.end -= by;
}

/** Writes text with every covered stretch replaced by one marker, piece by piece. */
export class Renderer {
  readonly #lists: readonly CoverList[];
  #done = 0;
  /** The covers of the stretch that reaches up to or over `#done`. */
  #carried: Cover[] = [];

  constructor(lists: readonly CoverList[]) {
    this.#lists = lists;
  }

  /** Everything before this offset has been written. */
  get done(): number {
    return this.#done;
  }

  /** Whether a stretch that began before what is written next goes on in it. */
  get isCovering(): boolean {
    return this.#carried.some((cover) => cover.end > this.#done);
  }

  /**
   * Writes on up to `limit`.
   *
   * INVARIANT: every cover that starts before `limit` is known, and no open cover will end before it.
   */
  write(text: string, limit: number): string {
    let out = "";
    let from = this.#done;
    let end = this.#carried.reduce((max, cover) => Math.max(max, cover.end), -1);
    for (let list = this.#first(limit); list !== undefined; list = this.#first(limit)) {
      const cover = list.peek(limit);
      if (cover === undefined) break;
      list.take();
      if (cover.start <= end) {
        this.#carried.push(cover);
      } else if (cover.ifTouched || cover.end <= cover.start) {
        continue;
      } else {
        out += text.slice(Math.max(from, end), cover.start) + MARKER;
        from = cover.start;
        this.#carried = [cover];
      }
      end = Math.max(end, cover.end);
    }
    if (end < limit) {
      out += text.slice(Math.max(from, end), limit);
      this.#carried = [];
    } else {
      this.#carried = this.#carried.filter((cover) => cover.end >= limit);
    }
    this.#done = limit;
    return out;
  }

  #first(limit: number): CoverList | undefined {
    let first: CoverList | undefined;
    let start = Infinity;
    for (const list of this.#lists) {
      const cover = list.peek(limit);
      // At one start the unconditional cover goes first: the other one then touches it.
      const at = cover === undefined ? Infinity : cover.start + (cover.ifTouched ? 0.5 : 0);
      if (at < start) [first, start] = [list, at];
    }
    return first;
  }

  /** Follows a text whose first `by` code units were dropped. */
  shift(by: number): void {
    this.#done -= by;
    for (const cover of this.#carried) shiftCover(cover, by);
  }
}
