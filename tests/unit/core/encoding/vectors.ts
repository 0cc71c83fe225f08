import { readFileSync } from "node:fs";

/** Reads a vector file: one JSON document on each line. */
export function readVectors<T>(name: string): T[] {
  const url = new URL(`../../../vectors/${name}.jsonl`, import.meta.url);
  return readFileSync(url, "utf8").trim().split("\n").map((line): T => JSON.parse(line));
}
