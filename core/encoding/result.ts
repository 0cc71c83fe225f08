/**
 * The answer of every stage: a value, or a reason why there is none.
 *
 * Expected refusals travel as values; exceptions are faults and are mapped once, by the engine.
 */
export type Result<T, R> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: R };

/**
 * A successful result.
 *
 * @example
 * ```ts
 * const r = ok(3);
 * if (r.ok) r.value satisfies number;
 * ```
 */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/**
 * A refusal.
 *
 * @example
 * ```ts
 * const r = fail("empty");
 * if (!r.ok) r.reason satisfies string;
 * ```
 */
export function fail<R>(reason: R): { readonly ok: false; readonly reason: R } {
  return { ok: false, reason };
}
