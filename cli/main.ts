import type { CommandFailure, ExitCode, Terminal } from "../commands/command.ts";
import { readCommandLine } from "./command_line.ts";
import { createContext } from "./compose.ts";
import { EXIT } from "./exit_codes.ts";
import { currentHost, type Host, isBrokenPipe, isStartedByNode } from "./host.ts";
import { createTerminal } from "./terminal.ts";

/**
 * Runs one command line.
 *
 * @returns the exit code
 */
export async function main(host: Host): Promise<ExitCode> {
  const terminal = createTerminal(host.streams, host.env);
  try {
    const [first, second, ...words] = host.args;
    if (first === "complete" && second === "--") {
      // What completion scripts ask; nothing that a person would type.
      const { candidates } = await import("./complete.ts");
      terminal.out(await candidates(words));
      return EXIT.ok;
    }
    const asked = await readCommandLine(host.args, host.env);
    switch (asked.kind) {
      case "help":
        terminal.out(asked.text);
        return EXIT.ok;
      case "usage":
        return tell({ ...asked, exitCode: EXIT.usage }, host, terminal);
      case "run": {
        const context = createContext(host, terminal);
        return await asked.command.run(context, asked.options, asked.args);
      }
    }
  } catch (error) {
    if (isBrokenPipe(error)) return EXIT.ok;
    if (isCommandFailure(error)) return tell(error, host, terminal);
    const message = error instanceof Error ? error.message : "unknown fault";
    const hint = "this is a bug in Nomos; please report it with the command you ran";
    const exitCode = EXIT.internal;
    return tell({ message: `nomos: internal error: ${message}`, hint, exitCode }, host, terminal);
  }
}

interface Failure {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly exitCode: ExitCode;
}

/** Says what went wrong and what to do, never with a stack; to machines as JSON. */
function tell({ message, hint, exitCode }: Failure, { args }: Host, terminal: Terminal): ExitCode {
  const error = { message, ...(hint === undefined ? {} : { hint }), exit_code: exitCode };
  const text = wantsJson(args)
    ? JSON.stringify({ error })
    : hint === undefined
    ? message
    : `${message}\nhint: ${hint}`;
  try {
    terminal.err(`${text}\n`);
  } catch (error) {
    if (!isBrokenPipe(error)) throw error;
  }
  return exitCode;
}

/** Told from the words themselves, since a line that cannot be parsed is a failure to tell as well. */
function wantsJson(args: readonly string[]): boolean {
  return args.some((arg, i) =>
    arg === "--format=json" || (arg === "json" && ["--format", "-o"].includes(args[i - 1] ?? ""))
  );
}

/** Told by its name, so that no command has to be loaded to know it. */
function isCommandFailure(error: unknown): error is CommandFailure {
  return error instanceof Error && error.name === "CommandFailure" && "exitCode" in error;
}

// Node tells it since 24.2; before that, by what it was started with.
if (import.meta.main ?? isStartedByNode(import.meta.url)) {
  const host = currentHost();
  // Not awaited: parts of the bundle import this module, which must have been evaluated by then.
  void main(host).then((code) => host.end(code));
}
