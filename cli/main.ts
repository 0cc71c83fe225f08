import type { ExitCode } from "../commands/command.ts";
import { EXIT } from "./exit_codes.ts";
import { currentHost, type Host, isBrokenPipe } from "./host.ts";
import { createTerminal } from "./terminal.ts";

/**
 * Runs one command line.
 *
 * @returns the exit code
 */
export async function main(host: Host): Promise<ExitCode> {
  const { args } = host;
  if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
    return await main({ ...host, args: ["version"] });
  }
  const terminal = createTerminal(host.streams, host.env);
  const wantsJson = args.some((arg, i) =>
    arg === "--format=json" || (arg === "--format" && args[i + 1] === "json")
  );
  try {
    const { parse } = await import("./parse.ts");
    const parsed = await parse(args, host.env);
    if (parsed.kind === "text") {
      terminal.out(parsed.text.endsWith("\n") ? parsed.text : `${parsed.text}\n`);
      return EXIT.ok;
    }
    if (parsed.kind === "usage") {
      terminal.err(`${parsed.message}\n`);
      return EXIT.usage;
    }
    const { createContext } = await import("./compose.ts");
    return await parsed.command.run(createContext(host, terminal), parsed.options, parsed.args);
  } catch (error) {
    if (isBrokenPipe(error)) return EXIT.ok;
    return tell(error, wantsJson, terminal);
  }
}

/** Expected failures say what to do; anything else is ours, and is told without a stack. */
function tell(
  error: unknown,
  asJson: boolean,
  terminal: ReturnType<typeof createTerminal>,
): ExitCode {
  if (isCommandFailure(error)) {
    if (asJson) {
      const hint = error.hint === undefined ? {} : { hint: error.hint };
      terminal.out(`${JSON.stringify({ error: { message: error.message, ...hint } })}\n`);
    } else {
      terminal.err(`${error.message}\n${error.hint === undefined ? "" : `hint: ${error.hint}\n`}`);
    }
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : "unknown fault";
  terminal.err(
    `nomos: internal error: ${message}\nhint: this is a bug in Nomos; please report it with the command you ran\n`,
  );
  return EXIT.internal;
}

function isCommandFailure(
  error: unknown,
): error is Error & { readonly exitCode: ExitCode; readonly hint: string | undefined } {
  return error instanceof Error && error.name === "CommandFailure" && "exitCode" in error;
}

if (import.meta.main) {
  const host = currentHost();
  host.exit(await main(host));
}
