import { type CommandContext, CommandFailure, defineCommand, option } from "./command.ts";

/** `nomos policy keygen`. */
export const policyKeygen = defineCommand({
  path: ["policy", "keygen"],
  summary: "Make a pair of keys for signing bundles",
  description:
    "Writes a private key, readable by you alone, and its public key, both PEM. Keep the private key where bundles " +
    "are released, not where they are used; the gateway needs the public key only. A file that exists is left alone.",
  options: {
    privateKey: option.requiredText("--private-key <path>", "where the private key goes"),
    publicKey: option.requiredText("--public-key <path>", "where the public key goes"),
    kind: option.choice("--kind <kind>", "kind of the keys", [
      "ed25519",
      "ecdsa-p256",
      "rsa",
    ], "ed25519"),
  },
  examples: [{
    line: "nomos policy keygen --private-key policy.key.pem --public-key policy.pub.pem",
    why: "once, before the first bundle is signed",
  }],
  exitCodes: [
    { code: 0, when: "both files are written" },
    { code: 2, when: "a file exists already, or cannot be written" },
  ],
  async run(context, { privateKey, publicKey, kind }) {
    const { files } = context.adapters;
    for (const path of [privateKey, publicKey]) await demandAbsent(context, path);
    const { generateKey } = await import("../core/policy/verify_signature.ts");
    const pair = await generateKey(kind);
    const encode = (text: string) => new TextEncoder().encode(text);
    try {
      await files.write(files.resolve(files.cwd, privateKey), encode(pair.privateKey), {
        mode: 0o600,
      });
      await files.write(files.resolve(files.cwd, publicKey), encode(pair.publicKey), {
        mode: 0o644,
      });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : "the file cannot be written";
      throw new CommandFailure(2, `Cannot write the keys: ${why}`);
    }
    context.terminal.out(`private key: ${privateKey}\npublic key: ${publicKey}\n`);
    return 0;
  },
});

/** A key that is overwritten is lost, and with it what it signed. */
async function demandAbsent({ adapters }: CommandContext, path: string): Promise<void> {
  const { files } = adapters;
  if (await files.stat(files.resolve(files.cwd, path)) === undefined) return;
  throw new CommandFailure(
    2,
    `Cannot write key "${path}": the file exists, expected a name that is free`,
    "keys are never overwritten; move the old ones away first",
  );
}
