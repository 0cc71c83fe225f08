import type { Obligation } from "./obligation.ts";
import { parseWord } from "./values.ts";

/** From the mildest to the strictest: marked, removed, refused. */
const MODES = ["fence", "strip", "deny"] as const;

/** What happens to suspicious text in the answer of an upstream tool. */
export const responseScanMode: Obligation<"response_scan_mode"> = {
  name: "response_scan_mode",
  summary: "Fences, strips or denies suspicious text in the answers of upstream MCP servers.",
  typeText: "`strip`, `fence` or `deny` (default `fence`)",
  mergeText: "the strictest (`deny`, then `strip`, then `fence`)",
  acts: "after",
  schema: { enum: MODES },
  parse: (value, at) => parseWord(value, at, MODES),
  merge: (a, b) => MODES.indexOf(a) >= MODES.indexOf(b) ? a : b,
  toJson: (mode) => mode,
};
