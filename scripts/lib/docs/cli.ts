import { explain, usageOf } from "../../../cli/help.ts";
import { formsOf } from "../../../cli/options.ts";
import { type AnyCommand, COMMANDS } from "../../../commands/registry.ts";
import { code, heading, paragraphs, table } from "./markdown.ts";

/** The reference of commands. */
export async function cliReference(): Promise<string> {
  const commands = await Promise.all(COMMANDS.map(({ load }) => load()));
  return paragraphs([
    heading("Commands", "commands"),
    "From source, write `deno task nomos` for `nomos`. `nomos <command> --help` says what is said here, and " +
    "`nomos completions` prints a script that completes commands in your shell.",
    table(
      ["command", "what it does"],
      commands.map((
        { path, summary },
      ) => [`[${code(`nomos ${path.join(" ")}`)}](#${anchor(path)})`, summary]),
    ),
    "## What holds for all",
    "- Results go to stdout and nothing else does; whatever is said to a person goes to stderr.\n" +
    "- A flag is stronger than its environment variable, and that is stronger than a default.\n" +
    "- `--format json` (`-o json`) makes the result JSON, and a failure one line of JSON on stderr: " +
    '`{"error": {"message", "hint", "exit_code"}}`.\n' +
    "- There is colour only where a terminal shows it, and none with `NO_COLOR` or `TERM=dumb`.\n" +
    "- A command line without a command (`nomos`, `nomos policy`) shows help on stderr and ends with 2, so that a script " +
    "that forgot what to run does not pass. `--help` shows it on stdout and ends with 0.\n" +
    "- When nobody reads the output any more (`nomos audit export log | head -1`), a command ends quietly.",
    table(["exit code", "meaning"], [
      ["0", "it went well"],
      ["1", "an expectation failed: NOT_READY, a broken chain, another decision than expected"],
      ["2", "wrong usage or input that is not valid"],
      ["4", "what was asked for is not known"],
      ["70", "internal error: a bug in Nomos"],
      ["130", "interrupted"],
    ]),
    ...commands.flatMap(section),
  ]);
}

function anchor(path: readonly string[]): string {
  return `nomos-${path.join("-")}`;
}

function section(command: AnyCommand): string[] {
  const { path, args = [], options, examples, exitCodes } = command;
  const about = command.description ?? `${command.summary}.`;
  return [
    `## nomos ${path.join(" ")}`,
    about.replaceAll(/\s+/g, " "),
    `\`\`\`sh\n${usageOf(command)}\n\`\`\``,
    args.length === 0
      ? ""
      : table(["argument", "meaning"], args.map(({ name, summary }) => [code(name), summary])),
    Object.keys(options).length === 0 ? "" : table(
      ["option", "meaning"],
      Object.values(options).map((spec) => [code(formsOf(spec).flags), explain(spec)]),
    ),
    `\`\`\`sh\n${examples.map(({ line, why }) => `# ${why}\n${line}`).join("\n\n")}\n\`\`\``,
    table(["exit code", "when"], exitCodes.map(({ code, when }) => [String(code), when])),
  ];
}
