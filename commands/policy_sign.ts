import { CommandFailure, defineCommand, option } from "./command.ts";
import { bundleHash, readInput } from "./policy_input.ts";

/** `nomos policy sign`. */
export const policySign = defineCommand({
  path: ["policy", "sign"],
  summary: "Sign a bundle with a private key",
  description:
    "Checks the bundle and writes a detached signature over its bytes: base64, RSA (PKCS#1 v1.5, SHA-256), ECDSA " +
    "P-256 or Ed25519, as the key is. OpenSSL reads and writes the same signatures.",
  args: [{ name: "bundle", summary: "policy bundle to sign", required: true }],
  options: {
    key: option.requiredText("--key <path>", "private key, PEM (PKCS#8)"),
    out: option.text("--out <path>", "where the signature goes; <bundle>.sig when absent"),
  },
  examples: [
    { line: "nomos policy sign policy.yaml --key policy.key.pem", why: "writes policy.yaml.sig" },
  ],
  exitCodes: [
    { code: 0, when: "signed" },
    { code: 2, when: "the bundle is not valid, or the key or the signature's path cannot be used" },
  ],
  async run(context, options, [bundle = ""]) {
    const { files } = context.adapters;
    const bytes = await readInput(context, bundle);
    const hash = await bundleHash(bytes, bundle);
    const { signBytes } = await import("../core/policy/verify_signature.ts");
    const key = new TextDecoder().decode(await readInput(context, options.key));
    const signature = await signBytes(bytes, key);
    if (!signature.ok) {
      throw new CommandFailure(2, `Cannot sign with "${options.key}": ${signature.reason}`);
    }
    const encoded = new TextEncoder().encode(`${signature.value}\n`);
    const out = options.out ?? `${bundle}.sig`;
    try {
      await files.write(files.resolve(files.cwd, out), encoded, { mode: 0o644 });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : "the file cannot be written";
      throw new CommandFailure(2, `Cannot write the signature "${out}": ${why}`);
    }
    context.terminal.out(
      `signature: ${out}\npolicy_bundle_hash: ${hash}\n`,
    );
    return 0;
  },
});
