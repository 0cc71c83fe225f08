// Rules of output: results go to stdout and nothing else does; everything said to a person goes to stderr; colour only
// where a terminal shows it and nobody said no (NO_COLOR, TERM=dumb); a broken pipe on stdout ends the command quietly,
// since nobody takes its results; one on stderr ends nothing: a gateway outlives the terminal it was started from.
import type { Terminal } from "../commands/command.ts";

/** The process's own streams, as the adapters see them. */
export interface Streams {
  writeOut(text: string): void;
  writeErr(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  stdin(): AsyncIterable<Uint8Array>;
}

/**
 * The terminal commands talk to.
 *
 * @param env reads an environment variable
 */
export function createTerminal(
  streams: Streams,
  env: (name: string) => string | undefined,
): Terminal {
  const plain = Boolean(env("NO_COLOR")) || env("TERM") === "dumb";
  return {
    out: (text) => streams.writeOut(text),
    err: (text) => {
      try {
        streams.writeErr(text);
      } catch {
        // There is nobody left to tell.
      }
    },
    color: !plain && streams.outIsTerminal,
    interactive: !plain && streams.errIsTerminal,
    stdin: () => streams.stdin(),
    readStdin: async () => {
      const parts: Uint8Array[] = [];
      for await (const part of streams.stdin()) parts.push(part);
      return joinBytes(parts);
    },
  };
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
