// The only file that knows the command line library.
import { Command as Program, CommanderError, InvalidArgumentError, Option } from "commander";
import type { OptionSpec } from "../commands/command.ts";
import { type AnyCommand, COMMANDS } from "../commands/registry.ts";
import { commandHelp, groupHelp, programHelp } from "./help.ts";
import { formsOf, readValue, type Written } from "./options.ts";
import { entryOf } from "./parse_plain.ts";

/** What any command line asks for. */
export type Parsed =
  | { readonly kind: "run"; readonly command: AnyCommand; readonly written: Written }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "usage"; readonly message: string; readonly hint: string };

/** Parses any command line, and says what is wrong with it and what may have been meant. */
export async function parse(argv: readonly string[]): Promise<Parsed> {
  const entry = entryOf(argv);
  const command = await entry?.load();
  const said: string[] = [];
  let run: Parsed | undefined;
  const program = buildProgram(command, {
    say: (text) => said.push(text),
    run: (written) => {
      if (command) run = { kind: "run", command, written };
    },
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "help", text: said.join("") };
    return wrongUsage(error.message, argv, command);
  }
  return run ?? wrongUsage("nothing to run", argv, command);
}

function wrongUsage(message: string, argv: readonly string[], command?: AnyCommand): Parsed {
  const group = COMMANDS.some(({ words }) => words.startsWith(`${argv[0]} `)) ? argv[0] : undefined;
  const name = ["nomos", ...(command?.path ?? (group === undefined ? [] : [group]))].join(" ");
  return {
    kind: "usage",
    message: `${name}: ${message.replace(/^error: /, "").replaceAll("\n", " ")}`,
    hint: `${name} --help shows what there is`,
  };
}

interface Hooks {
  readonly say: (text: string) => void;
  readonly run: (written: Written) => void;
}

function buildProgram(command: AnyCommand | undefined, hooks: Hooks): Program {
  const root = prepare(new Program("nomos"), hooks, programHelp);
  const groups = new Map<string, Program>();
  for (const { words } of COMMANDS) {
    const [first = "", second] = words.split(" ");
    const sub = prepare(
      new Program(second ?? first),
      hooks,
      () => command ? commandHelp(command) : "",
    );
    if (command?.path.join(" ") === words) declare(sub, command, hooks);
    (second === undefined ? root : groupOf(first)).addCommand(sub);
  }
  return root;

  function groupOf(name: string): Program {
    const known = groups.get(name);
    if (known) return known;
    const group = prepare(new Program(name), hooks, () => groupHelp(name));
    groups.set(name, group);
    root.addCommand(group);
    return group;
  }
}

function prepare(program: Program, hooks: Hooks, help: () => string): Program {
  return program
    .exitOverride()
    .helpCommand(false)
    .configureOutput({ writeOut: hooks.say, writeErr: hooks.say })
    .configureHelp({ formatHelp: help });
}

function declare(program: Program, command: AnyCommand, hooks: Hooks): void {
  for (const arg of command.args ?? []) {
    const text = arg.variadic ? `${arg.name}...` : arg.name;
    program.argument(arg.required ? `<${text}>` : `[${text}]`);
  }
  const keys = new Map<string, string>();
  for (const [key, spec] of Object.entries(command.options)) {
    const made = optionOf(spec);
    keys.set(made.attributeName(), key);
    program.addOption(made);
  }
  program.allowExcessArguments(false);
  program.action(() => {
    const values: Readonly<Record<string, unknown>> = program.opts();
    const options = new Map<string, unknown>();
    for (const [attribute, key] of keys) {
      if (values[attribute] !== undefined) options.set(key, values[attribute]);
    }
    hooks.run({ options, args: program.args });
  });
}

function optionOf(spec: OptionSpec): Option {
  const made = new Option(formsOf(spec).flags);
  if (spec.kind === "boolean") return made;
  if (spec.kind === "list") {
    return made.argParser((value: string, before: unknown) =>
      Array.isArray(before) ? [...before, value] : [value]
    );
  }
  return made.argParser((word: string) => {
    const read = readValue(spec, word);
    if ("wish" in read) throw new InvalidArgumentError(`Expected ${read.wish}.`);
    return read.value;
  });
}
