/**
 * Compares two JSON numbers by the digits they were sent with: exactly, whatever their size or precision.
 *
 * @param a source text of a JSON number
 * @param b source text of a JSON number
 * @returns below, at or above 0, like a sort function
 *
 * @example
 * ```ts
 * compareDecimals("0.30000000000000001", "0.3"); // 1
 * compareDecimals("1e2", "100.0"); // 0
 * ```
 */
export function compareDecimals(a: string, b: string): number {
  const left = parseDecimal(a);
  const right = parseDecimal(b);
  if (left.sign !== right.sign) return left.sign - right.sign;
  return left.sign < 0 ? compareMagnitudes(right, left) : compareMagnitudes(left, right);
}

/** A number as `sign × 0.digits × 10^exponent`; zero has sign 0. */
interface Decimal {
  readonly sign: -1 | 0 | 1;
  /** Without zeros at either end. */
  readonly digits: string;
  readonly exponent: bigint;
}

const NUMBER = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([-+]?[0-9]+))?$/;

function parseDecimal(source: string): Decimal {
  const [, minus = "", whole = "", fraction = "", exponent = "0"] = NUMBER.exec(source) ?? [];
  const all = whole + fraction;
  let start = 0;
  while (all.charCodeAt(start) === ZERO) start++;
  let end = all.length;
  while (end > start && all.charCodeAt(end - 1) === ZERO) end--;
  if (start === end) return { sign: 0, digits: "", exponent: 0n };
  return {
    sign: minus === "" ? 1 : -1,
    digits: all.slice(start, end),
    exponent: BigInt(exponent) + BigInt(whole.length - start),
  };
}

const ZERO = 0x30;

function compareMagnitudes(a: Decimal, b: Decimal): number {
  if (a.exponent !== b.exponent) return a.exponent < b.exponent ? -1 : 1;
  // Without leading zeros and at one exponent, digits sort as text; what is longer is larger.
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -1 : 1;
}
