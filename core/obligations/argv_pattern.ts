/**
 * Tells whether an argument vector fits a pattern: tokens match exactly, `*` is one token, `**` zero or more.
 *
 * INVARIANT: at most (tokens of the pattern) × (tokens of the vector) steps, whatever either holds.
 *
 * @example
 * ```ts
 * matchesArgv(["go", "test", "**"], ["go", "test", "./..."]); // true
 * ```
 */
export function matchesArgv(pattern: readonly string[], argv: readonly string[]): boolean {
  let p = 0;
  let a = 0;
  let rest = -1;
  let retry = 0;
  while (a < argv.length) {
    const token = pattern[p];
    if (token === "**") {
      rest = p++;
      retry = a;
    } else if (token !== undefined && (token === "*" || token === argv[a])) {
      p++;
      a++;
    } else if (rest === -1) {
      return false;
    } else {
      // Only the last `**` needs another try: an earlier one taking more could not help.
      p = rest + 1;
      a = ++retry;
    }
  }
  while (pattern[p] === "**") p++;
  return p === pattern.length;
}
