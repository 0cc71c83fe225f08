import { join } from "node:path";
import { run } from "./run.ts";

/** What a build says about itself. */
export interface Stamp {
  /** From `deno.json`. */
  readonly version: string;
  /** Twelve hex digits, with `-dirty` when the tree differs from it; `unknown` outside of a repository. */
  readonly commit: string;
  /** ISO 8601 in UTC, whole seconds. */
  readonly buildDate: string;
}

/**
 * Reads what to stamp into a build. With `SOURCE_DATE_EPOCH` (seconds) in the environment the date is that one, so
 * that the same tree gives the same bytes.
 *
 * @throws When `deno.json` has no version, or `SOURCE_DATE_EPOCH` is no number of seconds.
 */
export async function readStamp(root: string): Promise<Stamp> {
  return {
    version: await readVersion(root),
    commit: await readCommit(root),
    buildDate: formatBuildDate(Deno.env.get("SOURCE_DATE_EPOCH"), Date.now()),
  };
}

/**
 * The date of a build.
 *
 * @param epoch `SOURCE_DATE_EPOCH` as set, in seconds.
 * @param now The time to fall back on, in milliseconds.
 */
export function formatBuildDate(epoch: string | undefined, now: number): string {
  if (epoch !== undefined && !/^\d{1,12}$/.test(epoch)) {
    throw new RangeError(`Cannot read SOURCE_DATE_EPOCH "${epoch}": expected seconds since 1970`);
  }
  const date = new Date(epoch === undefined ? now : Number(epoch) * 1000);
  return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

async function readVersion(root: string): Promise<string> {
  const config: unknown = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  if (
    typeof config === "object" && config !== null && "version" in config &&
    typeof config.version === "string"
  ) {
    return config.version;
  }
  throw new Error('Cannot read the version: deno.json has no "version"');
}

async function readCommit(root: string): Promise<string> {
  try {
    const head = await run(["git", "rev-parse", "--short=12", "HEAD"], { cwd: root });
    if (head.code !== 0) return "unknown";
    const changes = await run(["git", "status", "--porcelain"], { cwd: root });
    return head.text.trim() + (changes.text.trim() === "" ? "" : "-dirty");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "unknown";
    throw error;
  }
}
