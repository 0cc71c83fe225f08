import { CommandFailure, defineCommand, option } from "./command.ts";
import { bundleHash, readInput } from "./policy_input.ts";

/** `nomos policy verify`. */
export const policyVerify = defineCommand({
  path: ["policy", "verify"],
  summary: "Check the signature of a bundle",
  description:
    "Checks a detached signature over the bundle's bytes, as a gateway with policy.verify_signatures does before it " +
    "reads anything in the bundle.",
  args: [{ name: "bundle", summary: "signed policy bundle", required: true }],
  options: {
    publicKey: option.requiredText("--public-key <path>", "public key, PEM"),
    signature: option.text("--signature <path>", "the signature; <bundle>.sig when absent"),
  },
  examples: [
    {
      line: "nomos policy verify policy.yaml --public-key policy.pub.pem",
      why: "with the signature in policy.yaml.sig",
    },
  ],
  exitCodes: [
    { code: 0, when: "the signature fits the bundle and the key" },
    { code: 1, when: "it does not, or one of them cannot be used" },
    { code: 2, when: "a file cannot be read, or the bundle is signed but not valid" },
  ],
  async run(context, options, [bundle = ""]) {
    const signaturePath = options.signature ?? `${bundle}.sig`;
    const bytes = await readInput(context, bundle);
    const decoder = new TextDecoder();
    const { verifySignature } = await import("../core/policy/verify_signature.ts");
    const verified = await verifySignature(bytes, {
      signature: decoder.decode(await readInput(context, signaturePath)),
      publicKey: decoder.decode(await readInput(context, options.publicKey)),
    });
    if (!verified.ok) throw new CommandFailure(1, `Cannot trust "${bundle}": ${verified.reason}`);
    const hash = await bundleHash(bytes, bundle);
    context.terminal.out(`${bundle}: signed\npolicy_bundle_hash: ${hash}\n`);
    return 0;
  },
});
