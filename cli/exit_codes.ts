import type { ExitCode } from "../commands/command.ts";

/** What every exit code means, for help texts; a command lists the ones it uses. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  unknown: 4,
  internal: 70,
  interrupted: 130,
} as const satisfies Record<string, ExitCode>;
