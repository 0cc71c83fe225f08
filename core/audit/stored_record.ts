import {
  canonicalJson,
  type Digest,
  isJsonObject,
  type JsonObject,
  parseJson,
} from "../encoding/mod.ts";
import { type ChainHead, expectedHash } from "./chain.ts";
import { toStoredLine } from "./stored_line.ts";

/** Events hold parts of requests, which may be nested 64 deep themselves. */
const MAX_STORED_DEPTH = 200;

/** Reads one stored line; `undefined` when it is not one JSON object. */
export function parseStored(line: string | Uint8Array): JsonObject | undefined {
  const parsed = parseJson(line, { maxDepth: MAX_STORED_DEPTH });
  if (!parsed.ok || !isJsonObject(parsed.value.value)) return undefined;
  return parsed.value.value;
}

/** Writes an event the way it is stored, so that an exported line verifies and shows nothing hidden. */
export function writeStored(record: JsonObject): string {
  return toStoredLine(canonicalJson(record));
}

/** Tells whether a record's own hash is right. */
export function isIntact(record: JsonObject, digest: Digest): boolean {
  return typeof record.event_hash === "string" &&
    record.event_hash === expectedHash(record, digest);
}

/** A record's place in its chain; `undefined` for events of the original, which have none. */
export function placeOf(record: JsonObject): ChainHead | undefined {
  const { chain_id: chainId, seq, event_hash: hash } = record;
  if (typeof chainId !== "string" || typeof seq !== "number" || typeof hash !== "string") {
    return undefined;
  }
  return Number.isSafeInteger(seq) && seq > 0 ? { chainId, seq, hash } : undefined;
}

/** A member that is text, else the empty string. */
export function textOf(record: JsonObject, name: string): string {
  const value = record[name];
  return typeof value === "string" ? value : "";
}
