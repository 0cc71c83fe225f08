import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Automaton } from "../../../../../core/redact/secrets/automaton.ts";

/** By the end of each occurrence, the length of the longest string that ends there. */
function occurrences(strings: readonly string[], text: string): [number, number][] {
  const automaton = new Automaton(strings);
  const found: [number, number][] = [];
  let state = 0;
  for (let i = 0; i < text.length; i++) {
    state = automaton.step(state, text.charCodeAt(i));
    if (automaton.found(state) > 0) found.push([i + 1, automaton.found(state)]);
  }
  return found;
}

function naive(strings: readonly string[], text: string): [number, number][] {
  const found: [number, number][] = [];
  for (let end = 1; end <= text.length; end++) {
    const lengths = strings.filter((one) => text.slice(0, end).endsWith(one)).map((one) =>
      one.length
    );
    if (lengths.length > 0) found.push([end, Math.max(...lengths)]);
  }
  return found;
}

const letters = fc.constantFrom("a", "b", "\u0161", "\n");
const words = (minLength: number, maxLength: number) =>
  fc.array(letters, { minLength, maxLength }).map((all) => all.join(""));

describe("the automaton", () => {
  it("finds what a naive search finds", () => {
    fc.assert(
      fc.property(fc.array(words(2, 5), { maxLength: 6 }), words(0, 30), (strings, text) => {
        expect(occurrences(strings, text)).toEqual(naive(strings, text));
      }),
      { numRuns: 2000 },
    );
  });

  it("knows how much of the text's end begins a string", () => {
    fc.assert(
      fc.property(fc.array(words(2, 5), { maxLength: 4 }), words(0, 20), (strings, text) => {
        const automaton = new Automaton(strings);
        let state = 0;
        for (let i = 0; i < text.length; i++) state = automaton.step(state, text.charCodeAt(i));
        const longest = strings.flatMap((one) =>
          Array.from({ length: one.length }, (_, n) => one.slice(0, n + 1))
        ).filter((begin) => text.endsWith(begin)).reduce(
          (max, one) => Math.max(max, one.length),
          0,
        );
        expect(automaton.depth(state)).toBe(longest);
      }),
    );
  });

  it("never skips the beginning of a string", () => {
    fc.assert(
      fc.property(
        fc.array(words(2, 5), { minLength: 1, maxLength: 4 }),
        words(1, 20),
        (strings, text) => {
          const first = Math.min(
            ...strings.map((one) => text.indexOf(one)).map((at) => at < 0 ? text.length : at),
          );
          expect(new Automaton(strings).skip(text, 0)).toBeLessThanOrEqual(first);
        },
      ),
    );
  });
});
