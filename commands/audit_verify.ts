import {
  type CheckpointVerifier,
  parseStored,
  readCheckpoint,
  readVerifier,
  type StatedCheckpoint,
  verifyAudit,
  type VerifyReport,
} from "../core/audit/mod.ts";
import { echo } from "../core/encoding/mod.ts";
import { LOG_ARGUMENT, openLog, whyUnread } from "./audit_log.ts";
import { renderVerifyReport } from "./audit_verify_text.ts";
import { type CommandContext, CommandFailure, defineCommand, option } from "./command.ts";

/** `nomos audit verify`. */
export const auditVerify = defineCommand({
  path: ["audit", "verify"],
  summary: "Check that nothing in an audit chain was changed, cut or left out",
  description:
    "Walks every chain of a log offline, in constant memory. A path's kind (JSON lines or SQLite) is told by its " +
    "content. Signed checkpoints are checked with --public-key; a checkpoint kept elsewhere, given with --checkpoint, " +
    "shows whether the end of the log was cut.",
  args: [LOG_ARGUMENT],
  options: {
    publicKeys: option.list(
      "--public-key <pem>",
      "file with an Ed25519 public key that signs checkpoints; give it again for another key",
    ),
    checkpoint: option.text(
      "--checkpoint <file>",
      "a stored audit.checkpoint event kept elsewhere: the log must still hold what it covers",
    ),
    partial: option.flag(
      "--partial",
      "accept a log that begins in the middle of a chain, as one captured from stdout may",
    ),
    strict: option.flag(
      "--strict",
      "fail on warnings too: legacy events, a torn end, no signature",
    ),
    format: option.choice("--format <format>", "how to print it", ["text", "json"], "text"),
  },
  examples: [
    { line: "nomos audit verify audit.jsonl", why: "a file of JSON lines" },
    {
      line: "nomos audit verify sqlite:audit.db --public-key audit.pub.pem",
      why: "a database, with the signatures of its checkpoints",
    },
    { line: "kubectl logs nomos | nomos audit verify - --partial", why: "what stdout gave" },
  ],
  exitCodes: [
    { code: 0, when: "every chain is intact" },
    { code: 1, when: "a chain is broken, or --strict found a warning" },
    { code: 2, when: "the log, a key or the checkpoint cannot be read" },
  ],
  async run(context, options, [name = "-"]) {
    const verifiers = await Promise.all(
      options.publicKeys.map((path) => readKey(context, path)),
    );
    const kept = options.checkpoint === undefined
      ? undefined
      : await readKept(context, options.checkpoint, verifiers);
    const { adapters, terminal } = context;
    const log = await openLog(context, name);
    try {
      const report = await verifyAudit(log.lines(), {
        digest: adapters.digest,
        verifiers,
        ...(kept ? { kept: kept.head } : {}),
        partial: options.partial,
        strict: options.strict,
        highestId: log.highestId,
        onProgress: (lines) => {
          if (terminal.interactive) terminal.err(`\r${lines} events`);
        },
      });
      if (terminal.interactive) terminal.err("\r\x1b[K");
      terminal.out(
        options.format === "json"
          ? `${JSON.stringify({ log: name, kind: log.kind, ...report })}\n`
          : renderVerifyReport(report, { log: name, row: log.kind === "sqlite" ? "row" : "line" }),
      );
      return exitCodeOf(report);
    } finally {
      await log.close();
    }
  },
});

function exitCodeOf({ status }: VerifyReport): 0 | 1 | 2 {
  switch (status) {
    case "intact":
      return 0;
    case "broken":
      return 1;
    case "unreadable":
      return 2;
  }
}

async function readText({ adapters }: CommandContext, what: string, path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await adapters.files.read(path));
  } catch (cause) {
    throw new CommandFailure(2, `Cannot read ${what} "${echo(path)}": ${whyUnread(cause)}`);
  }
}

async function readKey(context: CommandContext, path: string): Promise<CheckpointVerifier> {
  const verifier = await readVerifier(
    await readText(context, "public key", path),
    context.adapters.digest,
  );
  if (verifier.ok) return verifier.value;
  throw new CommandFailure(2, `Cannot use public key "${echo(path)}": ${verifier.reason}`);
}

async function readKept(
  context: CommandContext,
  path: string,
  verifiers: readonly CheckpointVerifier[],
): Promise<StatedCheckpoint> {
  const record = parseStored((await readText(context, "checkpoint", path)).trim());
  const checkpoint = record && readCheckpoint(record);
  if (checkpoint === undefined) {
    throw new CommandFailure(
      2,
      `Cannot use checkpoint "${
        echo(path)
      }": it is no audit.checkpoint event, expected one stored line`,
    );
  }
  if (verifiers.length === 0) return checkpoint;
  const verifier = verifiers.find(({ keyId }) => keyId === checkpoint.keyId);
  if (verifier && await verifier.verify(checkpoint.head, checkpoint.signature)) return checkpoint;
  throw new CommandFailure(2, `Cannot use checkpoint "${echo(path)}": no given key signed it`);
}
