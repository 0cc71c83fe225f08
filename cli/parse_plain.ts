import type { OptionSpec } from "../commands/command.ts";
import { type AnyCommand, type CommandEntry, COMMANDS } from "../commands/registry.ts";
import { formsOf, readValue, type Written } from "./options.ts";

/** A command line that needs no more reading. */
export interface Plain {
  readonly command: AnyCommand;
  /** Absent when only help is asked for. */
  readonly written?: Written;
}

/**
 * Reads a command line of the plain kind: the words of a command, then options in their usual forms and arguments,
 * all of them right. Most are, and need no library to be read.
 *
 * INVARIANT: what this reads, `parse` reads alike; whatever else there is to say about a line, `parse` says.
 *
 * @returns `undefined` when the line is of another kind, or wrong
 */
export async function parsePlain(argv: readonly string[]): Promise<Plain | undefined> {
  const entry = entryOf(argv);
  if (entry === undefined) return undefined;
  const rest = argv.slice(entry.words.split(" ").length);
  const command = await entry.load();
  if (rest.length === 1 && (rest[0] === "--help" || rest[0] === "-h")) return { command };
  const written = readWords(rest, command);
  return written && { command, written };
}

/** The entry whose words begin the command line; the longest wins. */
export function entryOf(argv: readonly string[]): CommandEntry | undefined {
  return COMMANDS.filter(({ words }) => words.split(" ").every((word, i) => argv[i] === word))
    .sort((a, b) => b.words.length - a.words.length)[0];
}

function readWords(words: readonly string[], command: AnyCommand): Written | undefined {
  const options = new Map<string, unknown>();
  const args: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (!word.startsWith("-") || word === "-") {
      args.push(word);
      continue;
    }
    const [name = "", inline] = splitAtEquals(word);
    const [key, spec] = optionOf(name, command) ?? [];
    if (key === undefined || spec === undefined) return undefined;
    if (spec.kind === "boolean") {
      if (inline !== undefined || options.has(key)) return undefined;
      options.set(key, true);
      continue;
    }
    const value = inline ?? words[++i];
    if (value === undefined || value === "" || value.startsWith("-")) return undefined;
    if (!put(options, { key, spec, value })) return undefined;
  }
  return fits(args, command) ? { options, args } : undefined;
}

/** `--name=value`; the short form has no such way. */
function splitAtEquals(word: string): readonly [string, string?] {
  const at = word.startsWith("--") ? word.indexOf("=") : -1;
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function optionOf(
  name: string,
  { options }: AnyCommand,
): readonly [string, OptionSpec] | undefined {
  return Object.entries(options).find(([, spec]) => {
    const { long, short } = formsOf(spec);
    return name === long || name === short;
  });
}

function put(
  options: Map<string, unknown>,
  { key, spec, value }: { readonly key: string; readonly spec: OptionSpec; readonly value: string },
): boolean {
  const before = options.get(key);
  if (spec.kind === "list") {
    options.set(key, Array.isArray(before) ? [...before, value] : [value]);
    return true;
  }
  const read = readValue(spec, value);
  if (before !== undefined || "wish" in read) return false;
  options.set(key, read.value);
  return true;
}

function fits(args: readonly string[], { args: known = [] }: AnyCommand): boolean {
  const least = known.filter((arg) => arg.required).length;
  const most = known.some((arg) => arg.variadic) ? Infinity : known.length;
  return args.length >= least && args.length <= most;
}
