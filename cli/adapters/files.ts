import type { Files } from "../../core/ports/mod.ts";
import { denoFiles } from "./files/deno.ts";
import { nodeFiles } from "./files/node.ts";

export { denoFiles, nodeFiles };

/** The operator's files on this machine, through Deno where it is there and through Node elsewhere. */
export function systemFiles(): Files {
  return "Deno" in globalThis ? denoFiles() : nodeFiles();
}
