import { fail, ok, type Result } from "../../../core/encoding/mod.ts";
import { type Refusal, refuse } from "../../../core/model/mod.ts";
import type { ProcessRequest } from "../../../core/ports/mod.ts";
import { builtin } from "../builtin.ts";
import type { Command } from "./command.ts";

/** The child's whole environment, but for the mark: what it is given, and of our own what it may inherit. */
export function environmentOf(
  { env, inherit }: Pick<ProcessRequest, "env" | "inherit">,
): Result<Command["env"], Refusal> {
  const own = builtin("node:process").env;
  // No prototype: the name of a variable may be any word. The type of Object.create says nothing.
  const all = Object.create(null) as Record<string, string>;
  for (const name of inherit) {
    const value = own[name];
    if (value !== undefined) all[name] = value;
  }
  for (const [name, value] of Object.entries(env)) {
    if (value.includes("\0")) {
      const message =
        `Cannot set "${name}": its value holds a NUL character, which no variable can`;
      return fail(refuse("execution_error", message));
    }
    all[name] = value;
  }
  return ok(all);
}
