/** Redaction: what may be said of a text that may hold secrets. */
export { Redacted, type Scrubber, type ScrubOptions } from "../model/redacted.ts";
export { createRedactor } from "./create.ts";
export { MARKER } from "./marker.ts";
export { OperatorPattern } from "./operator_pattern.ts";
export { BUILTIN_PATTERNS } from "./patterns/mod.ts";
export type { Anchor, Opening, Pattern, RunOptions, Scan } from "./scan.ts";
export { type Additions, Redactor } from "./redactor.ts";
export { type ScrubbedJson, scrubJson } from "./scrub_json.ts";
export { MIN_SECRET_LENGTH } from "./secrets/forms.ts";
export { RedactionStream } from "./stream.ts";
export { MAX_SUMMARY, summarize } from "./summarize.ts";
