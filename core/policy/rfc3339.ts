const PATTERN =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))$/;

/**
 * Reads a point in time as RFC 3339 writes it.
 *
 * @returns Unix time in milliseconds (finer fractions are dropped), or `undefined` when it is no such time
 *
 * @example
 * ```ts
 * parseRfc3339("2026-01-01T00:00:00+01:00"); // 1767222000000
 * ```
 */
export function parseRfc3339(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(
    Number,
  );
  const millis = Math.floor(Number(match[7] ?? "0") * 1000);
  const offsetHour = Number(match[9] ?? "0");
  const offsetMinute = Number(match[10] ?? "0");
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) {
    return undefined;
  }
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === "-" ? -1 : 1);
  // A leap second is the first one of the next minute to every clock we could ask.
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millis;
}
