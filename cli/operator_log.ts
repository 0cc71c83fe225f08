import { configureSync, getLogger, jsonLinesFormatter, type LogRecord } from "@logtape/logtape";
import type { OperatorLog } from "../commands/command.ts";

/** How lines of the log are written. */
export type LogFormat = "text" | "json";

/**
 * The log of a long-running command, for its operator: one line an entry, on stderr and nowhere else. The audit never
 * goes through it.
 *
 * @param write takes a line with its line break
 */
export function createOperatorLog(write: (line: string) => void, format: LogFormat): OperatorLog {
  const formatted = format === "json" ? jsonLinesFormatter : textLine;
  configureSync({
    reset: true,
    sinks: { stderr: (record) => write(formatted(record)) },
    loggers: [
      { category: ["nomos"], sinks: ["stderr"], lowestLevel: "info" },
      // The library would speak of itself on the console.
      { category: ["logtape", "meta"], sinks: ["stderr"], lowestLevel: "warning" },
    ],
  });
  const logger = getLogger(["nomos"]);
  return {
    info: (text) => logger.info(literal(text)),
    warning: (text) => logger.warning(literal(text)),
    error: (text) => logger.error(literal(text)),
  };
}

/** Braces would be placeholders. */
function literal(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}");
}

/** A line may not be forged: what breaks it is made visible. */
function textLine(record: LogRecord): string {
  const text = record.message.map(String).join("")
    .replaceAll(
      /\p{Cc}/gu,
      (c) => c === "\n" ? "\n    " : `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`,
    );
  return `${new Date(record.timestamp).toISOString()} ${record.level.padEnd(7)} ${text}\n`;
}
