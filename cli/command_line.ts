import type { AnyCommand } from "../commands/registry.ts";
import { COMMANDS } from "../commands/registry.ts";
import { commandHelp, groupHelp, programHelp } from "./help.ts";
import { complete, type ReadEnv } from "./options.ts";
import { parsePlain } from "./parse_plain.ts";

/** What a command line asks for. */
export type Asked =
  | {
    readonly kind: "run";
    readonly command: AnyCommand;
    readonly options: Readonly<Record<string, unknown>>;
    readonly args: readonly string[];
  }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "usage"; readonly message: string; readonly hint?: string };

/**
 * Reads a command line. Only the module of the command that is named gets loaded, and the library that reads command
 * lines only where the line is not plain.
 *
 * @param argv words behind the program's name
 */
export async function readCommandLine(argv: readonly string[], env: ReadEnv): Promise<Asked> {
  const [first = "", ...others] = argv;
  if (first === "help") return await readCommandLine([...others, "--help"], env);
  if (argv.length === 1 && (first === "--version" || first === "-V")) {
    return await readCommandLine(["version"], env);
  }
  const general = generalHelp(argv);
  if (general !== undefined) {
    // A script that forgot what to run must not pass for one that ran it.
    const asked = isHelp(argv.at(-1));
    return asked ? { kind: "help", text: general } : { kind: "usage", message: general.trimEnd() };
  }
  const plain = await parsePlain(argv);
  if (plain && !plain.written) return { kind: "help", text: commandHelp(plain.command) };
  const parsed = plain?.written
    ? { kind: "run" as const, command: plain.command, written: plain.written }
    : await (await import("./parse.ts")).parse(argv);
  if (parsed.kind !== "run") return parsed;
  const { command, written } = parsed;
  const completed = complete(command, written.options, env);
  if (completed.ok) return { kind: "run", command, options: completed.options, args: written.args };
  const name = `nomos ${command.path.join(" ")}`;
  return {
    kind: "usage",
    message: `${name}: ${completed.message}`,
    hint: `${name} --help shows what there is`,
  };
}

/** Help for lines that name no command: `nomos`, `nomos --help`, `nomos policy`, `nomos policy --help`. */
function generalHelp(argv: readonly string[]): string | undefined {
  const words = isHelp(argv.at(-1)) ? argv.slice(0, -1) : argv;
  if (words.length === 0) return programHelp();
  const [name = ""] = words;
  const isGroup = words.length === 1 &&
    COMMANDS.some((entry) => entry.words.startsWith(`${name} `));
  // `mcp` is both: a command, and the first word of others.
  return isGroup && !COMMANDS.some(({ words }) => words === name) ? groupHelp(name) : undefined;
}

function isHelp(word: string | undefined): boolean {
  return word === "--help" || word === "-h";
}
