// The only file that knows the command line library.
import { Command as Program, CommanderError, InvalidArgumentError, Option } from "commander";
import type { OptionSpec } from "../commands/command.ts";
import { type AnyCommand, type CommandEntry, COMMANDS } from "../commands/registry.ts";

/** What the command line asks for. */
export type Parsed =
  | {
    readonly kind: "run";
    readonly command: AnyCommand;
    readonly options: Readonly<Record<string, unknown>>;
    readonly args: readonly string[];
  }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "usage"; readonly message: string };

/** Groups of commands, as help introduces them. */
const GROUPS: Readonly<Record<string, string>> = {
  policy: "Test, explain and sign policy bundles",
  audit: "Verify and read the audit chain",
  config: "Check and show the configuration",
  approvals: "List and decide pending approvals",
};

/**
 * Parses a command line. Only the module of the command that is named gets loaded.
 *
 * @param argv words behind the program's name
 * @param env reads an environment variable
 */
export async function parse(
  argv: readonly string[],
  env: (name: string) => string | undefined,
): Promise<Parsed> {
  const wanted = entryOf(argv);
  const command = wanted ? await wanted.load() : undefined;
  const said: string[] = [];
  let run: Parsed | undefined;
  const program = buildProgram(wanted, command, {
    env,
    say: (text) => said.push(text),
    run: (options, args) => {
      if (command) run = { kind: "run", command, options, args };
    },
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "text", text: said.join("") };
    return { kind: "usage", message: said.join("").trim() || error.message };
  }
  return run ?? { kind: "text", text: said.join("") || program.helpInformation() };
}

/** The entry whose words begin the command line; the longest wins. */
function entryOf(argv: readonly string[]): CommandEntry | undefined {
  const words = argv.filter((word) => !word.startsWith("-")).slice(0, 3);
  const matches = COMMANDS.filter((entry) => {
    const own = entry.words.split(" ");
    return own.every((word, i) => words[i] === word);
  });
  return matches.sort((a, b) => b.words.length - a.words.length)[0];
}

interface Hooks {
  readonly env: (name: string) => string | undefined;
  readonly say: (text: string) => void;
  readonly run: (options: Readonly<Record<string, unknown>>, args: readonly string[]) => void;
}

function buildProgram(
  wanted: CommandEntry | undefined,
  command: AnyCommand | undefined,
  hooks: Hooks,
): Program {
  const root = prepare(new Program("nomos"), hooks)
    .description("Nomos is an execution firewall for AI agents.")
    .addHelpText("after", "\nRun nomos <command> --help for examples and exit codes.");
  const groups = new Map<string, Program>();
  for (const entry of COMMANDS) {
    const words = entry.words.split(" ");
    const parent = words.length > 1 ? groupOf(words[0] ?? "", root, groups, hooks) : root;
    const sub = prepare(new Program(words.at(-1)), hooks).summary(entry.summary);
    if (entry === wanted && command) declare(sub, command, hooks);
    parent.addCommand(sub);
  }
  return root;
}

function groupOf(
  name: string,
  root: Program,
  groups: Map<string, Program>,
  hooks: Hooks,
): Program {
  const known = groups.get(name);
  if (known) return known;
  const group = prepare(new Program(name), hooks).description(GROUPS[name] ?? name);
  groups.set(name, group);
  root.addCommand(group);
  return group;
}

function prepare(program: Program, hooks: Hooks): Program {
  return program
    .exitOverride()
    .helpCommand(false)
    .showHelpAfterError("(--help lists what is possible)")
    .configureOutput({ writeOut: hooks.say, writeErr: hooks.say })
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false });
}

function declare(program: Program, command: AnyCommand, hooks: Hooks): void {
  program.description(command.description ?? `${command.summary}.`);
  for (const arg of command.args ?? []) {
    const text = arg.variadic ? `${arg.name}...` : arg.name;
    program.argument(arg.required ? `<${text}>` : `[${text}]`, arg.summary);
  }
  const names = new Map<string, string>();
  for (const [key, spec] of Object.entries(command.options)) {
    const made = optionOf(spec);
    names.set(made.attributeName(), key);
    program.addOption(made);
  }
  program.addHelpText("after", () => footer(command));
  program.allowExcessArguments(command.args?.some((arg) => arg.variadic) ?? false);
  program.action(() => {
    const options: Record<string, unknown> = {};
    const values = program.opts();
    for (const [attribute, key] of names) {
      const value: unknown = values[attribute] ??
        fromEnvironment(command.options[key], hooks, program);
      if (value !== undefined) options[key] = value;
    }
    demandRequired(command, options, program);
    hooks.run(options, program.args);
  });
}

function optionOf(spec: OptionSpec): Option {
  const note = spec.env ? `${spec.summary} (env: ${spec.env})` : spec.summary;
  const made = new Option(spec.flags, note);
  if (spec.choices) made.choices([...spec.choices]);
  if (spec.default !== undefined && spec.kind !== "boolean" && spec.kind !== "list") {
    made.default(spec.default);
  }
  if (spec.kind === "boolean") made.default(false);
  if (spec.kind === "integer") made.argParser(wholeNumber);
  if (spec.kind === "list") {
    made.argParser((value: string, before: unknown) =>
      Array.isArray(before) ? [...before, value] : [value]
    ).default([], "none");
  }
  return made;
}

function wholeNumber(text: string): number {
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number from 0");
}

function fromEnvironment(spec: OptionSpec | undefined, hooks: Hooks, program: Program): unknown {
  const text = spec?.env ? hooks.env(spec.env) : undefined;
  if (spec === undefined || text === undefined || text === "") return undefined;
  if (spec.kind === "integer") {
    try {
      return wholeNumber(text);
    } catch {
      return program.error(
        `error: environment variable ${spec.env}: expected a whole number from 0`,
      );
    }
  }
  return spec.kind === "list" ? text.split(",") : text;
}

function demandRequired(
  command: AnyCommand,
  options: Readonly<Record<string, unknown>>,
  program: Program,
): void {
  for (const [key, spec] of Object.entries(command.options)) {
    if (!spec.required || options[key] !== undefined) continue;
    const env = spec.env ? ` (or set ${spec.env})` : "";
    program.error(`error: required option '${spec.flags}' is missing${env}`);
  }
}

function footer(command: AnyCommand): string {
  const examples = command.examples.map((e) => `  ${e.line}\n      ${e.why}`).join("\n");
  const codes = command.exitCodes.map((e) => `  ${String(e.code).padEnd(3)} ${e.when}`).join("\n");
  return `\nExamples:\n${examples}\n\nExit codes:\n${codes}`;
}
