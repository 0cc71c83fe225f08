import type { OptionSpec } from "../commands/command.ts";
import { COMMANDS } from "../commands/registry.ts";
import { GROUPS } from "./help.ts";
import { formsOf } from "./options.ts";
import { entryOf } from "./parse_plain.ts";

/**
 * What may stand where the cursor is: one candidate a line, a tab and its meaning. Nothing at all means that a path
 * belongs there, which the shell itself completes.
 *
 * @param words those behind `nomos`, the unfinished one last
 */
export async function candidates(words: readonly string[]): Promise<string> {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const entry = entryOf(before);
  if (entry === undefined) return lines(nextWords(before), current);
  const { options } = await entry.load();
  const specs = Object.values(options);
  const previous = specs.find((spec) => isNamed(spec, before.at(-1)) && spec.kind !== "boolean");
  if (previous) return lines((previous.choices ?? []).map((word) => [word, ""]), current);
  if (current.startsWith("-")) {
    const all = [...specs.map(candidateOf), ["--help", "Show help"] as const];
    return lines(all, current);
  }
  // `mcp` may be followed by an option or by one of its own commands.
  return lines(nextWords(before), current);
}

type Candidate = readonly [word: string, meaning: string];

function candidateOf(spec: OptionSpec): Candidate {
  return [formsOf(spec).long, spec.summary];
}

function isNamed(spec: OptionSpec, word: string | undefined): boolean {
  const { long, short } = formsOf(spec);
  return word !== undefined && (word === long || word === short);
}

function nextWords(before: readonly string[]): Candidate[] {
  const next = new Map<string, string>();
  for (const { words, summary } of COMMANDS) {
    const own = words.split(" ");
    const word = own[before.length];
    if (word === undefined || !before.every((one, i) => one === own[i])) continue;
    const isLast = own.length === before.length + 1;
    if (!next.has(word)) next.set(word, isLast ? summary : GROUPS.get(word) ?? "");
  }
  return [...next];
}

function lines(all: readonly Candidate[], current: string): string {
  return all.filter(([word]) => word.startsWith(current))
    .map(([word, meaning]) => `${word}\t${meaning}\n`).join("");
}
