import type { OptionSpec } from "../commands/command.ts";
import type { AnyCommand } from "../commands/registry.ts";
import { echo } from "../core/encoding/problem.ts";

/** Reads an environment variable. */
export type ReadEnv = (name: string) => string | undefined;

/** What a command line says: only what was written, not yet what follows from it. */
export interface Written {
  /** By the key of the option. */
  readonly options: ReadonlyMap<string, unknown>;
  readonly args: readonly string[];
}

/** How an option is written on the command line. */
export interface OptionForms {
  /** As help shows it: `-o, --format <format>`. */
  readonly flags: string;
  readonly long: string;
  readonly short: string | undefined;
  /** What stands for the value, `<path>`; absent for a switch. */
  readonly value: string | undefined;
}

/** The ways an option may be written. Every `--format` may be written `-o` too. */
export function formsOf({ flags }: OptionSpec): OptionForms {
  const all = flags.startsWith("--format ") ? `-o, ${flags}` : flags;
  const [, short, long = "", value] = /^(?:(-\w), )?(--[\w-]+)(?: (<.+>))?$/.exec(all) ?? [];
  return { flags: all, long, short, value };
}

/** The value of a written word, or what was expected instead. */
export function readValue(
  { kind, choices }: OptionSpec,
  word: string,
): { readonly value: unknown } | { readonly wish: string } {
  if (kind === "integer") {
    return /^[0-9]{1,15}$/.test(word) ? { value: Number(word) } : { wish: "a whole number from 0" };
  }
  if (choices && !choices.includes(word)) return { wish: `one of ${choices.join(", ")}` };
  return { value: word };
}

/** What a command is called with: flag before environment before default. */
export type Completed =
  | { readonly ok: true; readonly options: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly message: string };

/** Fills in what was not written. */
export function complete(
  command: AnyCommand,
  written: Written["options"],
  env: ReadEnv,
): Completed {
  const options: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(command.options)) {
    let value = written.get(key);
    const text = value === undefined && spec.env ? env(spec.env) : undefined;
    if (text) {
      const read = readEnvironment(spec, text);
      if ("wish" in read) {
        const message = `${spec.env} is "${echo(text)}", expected ${read.wish}`;
        return { ok: false, message };
      }
      value = read.value;
    }
    value ??= spec.default;
    if (value !== undefined) options[key] = value;
    else if (spec.required) {
      const { flags } = formsOf(spec);
      const more = spec.env ? `, and so is ${spec.env}` : "";
      return { ok: false, message: `option '${flags}' is missing${more}` };
    }
  }
  return { ok: true, options };
}

function readEnvironment(spec: OptionSpec, text: string): ReturnType<typeof readValue> {
  return spec.kind === "list" ? { value: text.split(",") } : readValue(spec, text);
}
