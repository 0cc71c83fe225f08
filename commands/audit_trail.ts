import { openRecorder, parseSinkList } from "../core/audit/mod.ts";
import type { LoadedConfig } from "../core/config/mod.ts";
import type { AuditEvent } from "../core/model/mod.ts";
import { createRedactor, type Redactor } from "../core/redact/mod.ts";
import { type CommandContext, CommandFailure } from "./command.ts";
import { invalidInput } from "./policy_input.ts";

/** The audit of an installation, for a command that does one thing worth recording. */
export interface AuditTrail {
  /** The redactor of the installation; events pass it before they get here. */
  readonly redactor: Redactor;
  /** Records what has happened; tells whether every sink took it. */
  record(event: AuditEvent): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens the configured sinks beside a gateway that may be running: the recorder then begins a chain of its own. What
 * would go to stdout goes to stderr, since a command's stdout carries its result.
 *
 * @throws {CommandFailure} exit 2 when a sink cannot be opened
 */
export async function openTrail(
  { adapters }: CommandContext,
  { config }: LoadedConfig,
): Promise<AuditTrail> {
  const { audit } = config;
  const redactor = createRedactor({ operatorPatterns: config.redaction.patterns });
  if (!redactor.ok) throw invalidInput(redactor.reason);
  const parsed = parseSinkList(audit.sink);
  if (!parsed.ok) throw invalidInput(parsed.reason);
  const named = parsed.value.map((sink) =>
    sink.kind === "stdout" ? { ...sink, kind: "stderr" } : sink
  );
  const sinks = named.filter((sink, i) =>
    named.findIndex((s) => s.kind === sink.kind && s.target === sink.target) === i
  );
  const key = audit.signing_key_path;
  const recorder = await openRecorder({
    sinks,
    ports: adapters,
    durability: audit.durability,
    checkpointEvery: audit.checkpoint_every,
    failOpen: audit.fail_open,
    // One command does not outlive an outage: what is not taken now is reported.
    retryMs: 0,
    ...(key === undefined ? {} : { signingKey: await readKey(adapters, key) }),
  });
  if (!recorder.ok) throw invalidInput(recorder.reason);
  return {
    redactor: redactor.value,
    record: async (event) => await recorder.value.recordAfter([event]) === "recorded",
    close: async () => {
      await recorder.value.close();
    },
  };
}

async function readKey({ files }: CommandContext["adapters"], path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await files.read(path));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandFailure(2, `Cannot read the audit signing key "${path}": ${why}`);
  }
}
