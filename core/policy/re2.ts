import { fail, ok, type Result } from "../encoding/mod.ts";

/** Compiles a pattern in RE2's syntax; the answer finds it anywhere in a text, in linear time. */
export type CompileRe2 = (pattern: string) => Result<(text: string) => boolean, string>;

/**
 * Loads the RE2 engine. It is large, so that only who has a pattern loads it.
 *
 * @returns a compiler whose failures are phrases for a message
 */
export async function loadRe2(): Promise<CompileRe2> {
  const { RE2JS } = await import("re2js");
  return (pattern) => {
    try {
      const compiled = RE2JS.compile(pattern);
      return ok((text) => compiled.test(text));
    } catch (error) {
      const why = error instanceof Error ? error.message : "it does not compile";
      return fail(why.replace(/^error parsing regexp: /, ""));
    }
  };
}
