import type { Adapters } from "../core/ports/mod.ts";

/** What a process may end with. */
export type ExitCode = 0 | 1 | 2 | 4 | 70 | 130;

/** One option of a command; `T` is the type its value has after parsing. */
export interface OptionSpec<T = unknown> {
  readonly kind: "string" | "integer" | "boolean" | "list" | "choice";
  /** As help shows it: `-c, --config <path>`. */
  readonly flags: string;
  readonly summary: string;
  /** Environment variable used when the flag is absent. */
  readonly env?: string;
  readonly choices?: readonly string[];
  readonly default?: T;
  readonly required?: boolean;
  /** Never set: carries the type. */
  readonly type?: T;
}

interface OptionDetails<T> {
  env?: string;
  default?: T;
}

/** Builders of option specs; the builder fixes the type that `run` receives. */
export const option = {
  text(
    flags: string,
    summary: string,
    more: OptionDetails<string> = {},
  ): OptionSpec<string | undefined> {
    return { kind: "string", flags, summary, ...more };
  },
  requiredText(
    flags: string,
    summary: string,
    more: OptionDetails<string> = {},
  ): OptionSpec<string> {
    return { kind: "string", flags, summary, required: true, ...more };
  },
  /** Whole number, base 10, zero or more. */
  integer(
    flags: string,
    summary: string,
    more: OptionDetails<number> = {},
  ): OptionSpec<number | undefined> {
    return { kind: "integer", flags, summary, ...more };
  },
  flag(flags: string, summary: string): OptionSpec<boolean> {
    return { kind: "boolean", flags, summary, default: false };
  },
  /** May be given several times. */
  list(flags: string, summary: string): OptionSpec<readonly string[]> {
    return { kind: "list", flags, summary, default: [] };
  },
  choice<const C extends string>(
    flags: string,
    summary: string,
    choices: readonly C[],
    fallback: C,
  ): OptionSpec<C> {
    return { kind: "choice", flags, summary, choices, default: fallback };
  },
  optionalChoice<const C extends string>(
    flags: string,
    summary: string,
    choices: readonly C[],
  ): OptionSpec<C | undefined> {
    return { kind: "choice", flags, summary, choices };
  },
} as const;

/** The values `run` receives for the options a command declares. */
export type OptionValues<S extends Readonly<Record<string, OptionSpec>>> = {
  readonly [K in keyof S]: S[K] extends OptionSpec<infer T> ? T : never;
};

/** Where a command speaks: results to `out`, everything else to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  readonly color: boolean;
  /** Whether stderr is a terminal that may show progress. */
  readonly interactive: boolean;
  /** Whole standard input. */
  readStdin(): Promise<Uint8Array>;
  /** Standard input in pieces. */
  stdin(): AsyncIterable<Uint8Array>;
}

/** What a command gets besides its options. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly adapters: Adapters;
  /** Resolves when the user asks the process to stop; a second request ends it at once. */
  readonly stop: AbortSignal;
  /** Attaches a listener for HTTP requests; only long-running commands need it. */
  readonly listen: Listen;
  /** Opens the log of a long-running command, on stderr. */
  openLog(format: "text" | "json"): Promise<OperatorLog>;
}

/** Tells the operator of a long-running command what happens, one line each. */
export interface OperatorLog {
  info(text: string): void;
  warning(text: string): void;
  error(text: string): void;
}

/** Starts serving a fetch-style handler. */
export type Listen = (options: ListenOptions) => Promise<Listener>;

/** Where and how to listen. */
export interface ListenOptions {
  /** `:8080` or `host:port`; port 0 takes a free one. */
  readonly address: string;
  readonly kind: "auto" | "node" | "deno";
  readonly tls?: {
    readonly certFile: string;
    readonly keyFile: string;
    readonly clientCaFile?: string;
    readonly requireClientCertificate: boolean;
  };
  readonly handler: (request: Request, info: RequestInfo) => Response | Promise<Response>;
  /** Largest body a handler will ever read, in bytes. */
  readonly maxBodyBytes: number;
  /** Told what a handler threw; the client gets an empty 500. */
  readonly onFault?: (fault: unknown) => void;
}

/** What the listener knows about a connection. */
export interface RequestInfo {
  /** DER of the verified client certificate. */
  readonly clientCertificate?: Uint8Array;
  /**
   * Aborted when the client went away before it was answered; never by a request that went well. While a stream is
   * being sent, the stream's own `cancel` tells.
   */
  readonly gone: AbortSignal;
}

/** A running listener. */
export interface Listener {
  /** Host and port as bound. */
  readonly host: string;
  readonly port: number;
  readonly kind: "node" | "deno";
  /**
   * Lets open requests end, and no connection live beyond its next answer. Nobody is cut.
   *
   * @returns false when some were still open after `graceMs` milliseconds
   */
  drain(graceMs: number): Promise<boolean>;
  /** Stops accepting, lets open requests end for `graceMs` milliseconds, and cuts what is left. */
  close(graceMs: number): Promise<void>;
}

/** One command. One file declares one; the registry lists it. */
export interface Command<
  S extends Readonly<Record<string, OptionSpec>> = Readonly<Record<string, OptionSpec>>,
> {
  /** Words behind `nomos`: `["audit", "verify"]`. */
  readonly path: readonly string[];
  readonly summary: string;
  /** More than one sentence, shown by `--help`. */
  readonly description?: string;
  readonly args?: readonly {
    readonly name: string;
    readonly summary: string;
    readonly required?: boolean;
    readonly variadic?: boolean;
  }[];
  readonly options: S;
  readonly examples: readonly { readonly line: string; readonly why: string }[];
  readonly exitCodes: readonly { readonly code: ExitCode; readonly when: string }[];
  run(
    context: CommandContext,
    options: OptionValues<S>,
    args: readonly string[],
  ): Promise<ExitCode>;
}

/** Declares a command, inferring the types of its options. */
export function defineCommand<const S extends Readonly<Record<string, OptionSpec>>>(
  command: Command<S>,
): Command<S> {
  return command;
}

/** An expected failure of a command: told in one message with a hint, never with a stack. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, message: string, hint?: string) {
    super(message);
    this.name = "CommandFailure";
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
