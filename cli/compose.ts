// The only file that joins adapters to the core.
import type { CommandContext, Terminal } from "../commands/command.ts";
import { EXIT } from "./exit_codes.ts";
import { createAdapters } from "./adapters/mod.ts";
import type { Host } from "./host.ts";

/** What a command gets: the terminal, the adapters, and how to listen. Everything in it loads when it is used. */
export function createContext(host: Host, terminal: Terminal): CommandContext {
  return {
    terminal,
    adapters: createAdapters(),
    get stop() {
      return stopSignal(host);
    },
    openLog: async (format) => {
      const { createOperatorLog } = await import("./operator_log.ts");
      return createOperatorLog((line) => terminal.err(line), format);
    },
    listen: async (options) => (await import("./adapters/listen.ts")).listen(options),
  };
}

let stopping: AbortController | undefined;

/** The first request to stop aborts the signal; a second one ends the process at once. */
function stopSignal(host: Host): AbortSignal {
  if (!stopping) {
    const controller = stopping = new AbortController();
    host.onStop(() => {
      if (controller.signal.aborted) host.exit(EXIT.interrupted);
      controller.abort();
    });
  }
  return stopping.signal;
}
