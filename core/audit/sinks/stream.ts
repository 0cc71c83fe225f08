import { encodeUtf8, ok } from "../../encoding/mod.ts";
import type { SealedRecord } from "../chain.ts";
import { type AuditSink, SinkFailure, type SinkKind, sinkName } from "./sink.ts";

/** Records as JSON lines on standard output: *written*, a broken pipe is a failed sink. */
export const stdoutSink: SinkKind = streamSink("stdout");

/** Records as JSON lines on standard error. */
export const stderrSink: SinkKind = streamSink("stderr");

function streamSink(stream: "stdout" | "stderr"): SinkKind {
  return {
    name: stream,
    target: "none",
    durable: false,
    open: (spec, { ports }) => {
      const sink: AuditSink = {
        name: sinkName(spec),
        async append(records) {
          try {
            await ports.storage.writeStream(stream, toLines(records));
          } catch (cause) {
            // What the reader got of it is not ours to know.
            throw new SinkFailure("unknown", `${stream} takes no more output`, { cause });
          }
        },
        takeRecoveries: () => [],
        close: () => Promise.resolve(),
      };
      return Promise.resolve(ok(sink));
    },
  };
}

/** Records as JSON lines. */
export function toLines(records: readonly SealedRecord[]): Uint8Array {
  let text = "";
  for (const record of records) text += `${record.line}\n`;
  return encodeUtf8(text);
}
