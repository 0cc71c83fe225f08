import type { OptionSpec } from "../commands/command.ts";
import { type AnyCommand, COMMANDS } from "../commands/registry.ts";
import { formsOf } from "./options.ts";

/** Help is written for the narrowest usual terminal, so that it reads the same everywhere. */
const WIDTH = 80;
const HELP_FLAGS = "-h, --help";

/** Groups of commands, as help introduces them. */
export const GROUPS: ReadonlyMap<string, string> = new Map([
  ["policy", "Test, explain and sign policy bundles"],
  ["approvals", "List and decide what waits for a person"],
  ["audit", "Verify, read and export the audit"],
  ["config", "Check and show the configuration"],
  ["mcp", "Serve agents over MCP, govern upstream MCP servers"],
]);

/** A left word and what it means. */
type Row = readonly [string, string];

/** What `nomos --help` says. */
export function programHelp(): string {
  const seen = new Set<string>();
  const rows = COMMANDS.flatMap(({ words, summary }): Row[] => {
    const [first = ""] = words.split(" ");
    if (seen.has(first)) return [];
    seen.add(first);
    return [words === first ? [words, summary] : [`${first} …`, GROUPS.get(first) ?? first]];
  });
  return page([
    "nomos: an execution firewall for AI agents.",
    "Usage: nomos <command> [options]",
    section("Commands", rows),
    section("Options", [
      [HELP_FLAGS, "Show help, of a command too: nomos policy test --help"],
      ["-V, --version", "Print the version"],
    ]),
    section("Environment", [
      ["NOMOS_CONFIG", "Configuration file, where a command takes one"],
      ["NOMOS_POLICY_BUNDLE", "Bundle to use instead of the configured one"],
      ["NOMOS_<SECTION>_<KEY>", "Any configuration key, NOMOS_GATEWAY_LISTEN for instance"],
      ["NO_COLOR", "No colour, whatever the terminal can show"],
    ]),
  ]);
}

/** What `nomos policy --help` says. */
export function groupHelp(group: string): string {
  const rows = COMMANDS.filter(({ words }) => words.startsWith(`${group} `)).map(
    ({ words, summary }): Row => [words.slice(group.length + 1), summary],
  );
  return page([
    `nomos ${group}: ${GROUPS.get(group) ?? group}.`,
    `Usage: nomos ${group} <command> [options]`,
    section("Commands", rows),
    section("Options", [[
      HELP_FLAGS,
      `Show help, of a command too: nomos ${group} ${rows[0]?.[0]} --help`,
    ]]),
  ]);
}

/** What `nomos policy test --help` says. */
export function commandHelp(command: AnyCommand): string {
  const { args = [], options, examples, exitCodes } = command;
  return page([
    `Usage: ${usageOf(command)}`,
    wrap(flow(command.description ?? `${command.summary}.`), WIDTH),
    section("Arguments", args.map((arg): Row => [arg.name, capital(arg.summary)])),
    section("Options", [
      ...Object.values(options).map((spec): Row => [aligned(spec), explain(spec)]),
      [HELP_FLAGS, "Show this help"],
    ]),
    "Examples:\n" +
    examples.map(({ line, why }) => `  ${line}\n      ${wrap(why, WIDTH - 6, 6)}`).join("\n"),
    section("Exit codes", exitCodes.map(({ code, when }): Row => [String(code), when])),
  ]);
}

/** How a command is called, in one line. */
export function usageOf({ path, args = [], options }: AnyCommand): string {
  const required = Object.values(options).filter((spec) => spec.required)
    .map((spec) => formsOf(spec)).map(({ short, long, value }) => ` ${short ?? long} ${value}`);
  const words = args.map(({ name, required, variadic }) => {
    const word = variadic ? `${name}...` : name;
    return required ? ` <${word}>` : ` [${word}]`;
  });
  const others = Object.keys(options).length > required.length ? " [options]" : "";
  return `nomos ${path.join(" ")}${required.join("")}${others}${words.join("")}`;
}

/** What an option means, with everything that a user has to know to write it. */
export function explain(spec: OptionSpec): string {
  const notes = [
    ...(spec.choices ? [spec.choices.join(", ")] : []),
    ...(spec.kind === "list" ? ["may be given several times"] : []),
    ...(spec.required && !spec.env ? ["required"] : []),
    ...(spec.required && spec.env ? [`required, unless ${spec.env} is set`] : []),
    ...(!spec.required && spec.env ? [`else ${spec.env}`] : []),
    ...(saysDefault(spec) ? [`default: ${String(spec.default)}`] : []),
  ];
  const text = capital(spec.summary);
  return notes.length === 0 ? text : `${text} (${notes.join("; ")})`;
}

function saysDefault({ kind, default: value }: OptionSpec): boolean {
  return value !== undefined && kind !== "boolean" && kind !== "list";
}

/** Long forms stand below each other, whether or not there is a short one. */
function aligned(spec: OptionSpec): string {
  const { flags, short } = formsOf(spec);
  return short === undefined ? `    ${flags}` : flags;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text as one paragraph: where its lines end is up to the page. */
function flow(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

function page(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function section(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return "";
  const left = Math.max(...rows.map(([word]) => word.length)) + 2;
  const lines = rows.map(([word, text]) => {
    return `  ${word.padEnd(left)}${wrap(text, WIDTH - left - 2, left + 2)}`;
  });
  return `${title}:\n${lines.join("\n")}`;
}

/** Breaks text at blanks; lines but the first are indented. */
function wrap(text: string, width: number, indent = 0): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}
