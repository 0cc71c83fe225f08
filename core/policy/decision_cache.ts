import type { Decision } from "../model/mod.ts";

interface Node {
  decision: Decision | undefined;
  next: Map<number, Node> | undefined;
}

/** At most this many sets of rules are remembered. */
const MAX_NODES = 10_000;

/**
 * Remembers the decision of every set of rules that matched together, so that it is merged once.
 *
 * INVARIANT: bounded, however many combinations callers provoke; what is not remembered is made again.
 */
export class DecisionCache {
  readonly #root: Node = { decision: undefined, next: undefined };
  #nodes = 1;

  /**
   * The decision for a set of rules.
   *
   * @param hits places of rules, ascending
   */
  get(hits: readonly number[], make: () => Decision): Decision {
    let node = this.#root;
    for (const hit of hits) {
      const next = node.next?.get(hit) ?? this.#grow(node, hit);
      if (next === undefined) return make();
      node = next;
    }
    return node.decision ??= make();
  }

  #grow(node: Node, hit: number): Node | undefined {
    if (this.#nodes >= MAX_NODES) return undefined;
    this.#nodes++;
    const child: Node = { decision: undefined, next: undefined };
    node.next ??= new Map();
    node.next.set(hit, child);
    return child;
  }
}
