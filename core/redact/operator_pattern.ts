import { RE2JS, RE2JSException } from "re2js";
import { echo, type Problem } from "../encoding/problem.ts";
import { fail, ok, type Result } from "../encoding/result.ts";

/** Patterns of rules, by source. A reload of the rules may bring others, so the table is bounded. */
const compiled = new Map<string, OperatorPattern>();
const MAX_COMPILED = 256;

/** A compiled pattern of an operator. */
export class OperatorPattern {
  /** As it was written. */
  readonly source: string;
  readonly #expression: RE2JS;

  private constructor(source: string, expression: RE2JS) {
    this.source = source;
    this.#expression = expression;
  }

  /**
   * Compiles patterns in RE2 syntax, which has no backreferences and no lookaround and so never
   * backtracks.
   *
   * @param sources the patterns
   * @param pointer JSON pointer of the list they come from
   * @returns the patterns in their order, or one problem for each that does not compile
   */
  static compile(
    sources: readonly string[],
    pointer: string,
  ): Result<readonly OperatorPattern[], Problem[]> {
    const patterns: OperatorPattern[] = [];
    const problems: Problem[] = [];
    for (const [i, source] of sources.entries()) {
      try {
        if (source === "") throw new RE2JSException("it is empty");
        patterns.push(new OperatorPattern(source, RE2JS.compile(source)));
      } catch (fault) {
        if (!(fault instanceof RE2JSException)) throw fault;
        const cause = fault.message.replace(/^error parsing regexp: /, "");
        problems.push({
          pointer: `${pointer}/${i}`,
          message: `Cannot compile pattern "${echo(source, 60)}": ${
            echo(cause, 60)
          }, expected RE2 syntax`,
        });
      }
    }
    return problems.length > 0 ? fail(problems) : ok(patterns);
  }

  /**
   * The pattern of a rule, compiled when it is first asked for. Whoever reads rules refuses patterns
   * that do not compile; should one come here all the same, everything is removed, not nothing.
   */
  static of(source: string): OperatorPattern {
    const known = compiled.get(source);
    if (known !== undefined) return known;
    const result = OperatorPattern.compile([source], "");
    const [pattern] = result.ok ? result.value : [];
    const made = pattern ?? new OperatorPattern(source, RE2JS.compile("(?s).+"));
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(source, made);
    return made;
  }

  /**
   * Calls `found` for each match from `from` on, from left to right and without overlaps, until it
   * returns false. Matches of nothing do not count.
   */
  each(text: string, from: number, found: (start: number, end: number) => boolean): void {
    // The automaton that only says whether there is a match is six times as fast.
    if (!this.#expression.test(text)) return;
    const matcher = this.#expression.matcher(text);
    let more = matcher.find(from);
    while (more) {
      const start = matcher.start();
      const end = matcher.end();
      if (end > start && !found(start, end)) return;
      more = matcher.find();
    }
  }
}
