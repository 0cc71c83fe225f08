import { splitSinks } from "../../config/mod.ts";
import { type Check, failure, pass, warn } from "../check.ts";
import { fileFlaw, look } from "../disk.ts";

/** Whether what happens can be recorded. */
export const auditSinkWritable: Check = {
  id: "audit.sink_writable",
  async run({ config: { audit }, adapters }) {
    const flaws: string[] = [];
    for (const { kind, target } of splitSinks(audit.sink)) {
      if (kind !== "file" && kind !== "sqlite") continue;
      const flaw = await fileFlaw(adapters, target);
      if (flaw !== undefined) flaws.push(flaw);
    }
    const key = audit.signing_key_path;
    if (key !== undefined && (await look(adapters, key))?.kind !== "file") {
      flaws.push(`the signing key ${key} is not there`);
    }
    if (flaws.length > 0) {
      return failure(flaws.join("; "), "make the folder and give this user the right to write");
    }
    if (audit.fail_open) {
      return warn(
        "actions happen although they cannot be recorded",
        "set audit.fail_open to false",
      );
    }
    return pass(`the audit can be written to ${audit.sink.split(",").map(kindOf).join(", ")}`);
  },
};

/** The sink without what its URL may hide. */
function kindOf(sink: string): string {
  const [entry] = splitSinks(sink);
  const isPath = entry?.kind === "file" || entry?.kind === "sqlite";
  return isPath ? entry.text : entry?.kind ?? sink;
}
