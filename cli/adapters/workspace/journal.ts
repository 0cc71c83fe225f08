import { isReservedName } from "../../../core/ports/mod.ts";
import {
  isJsonArray,
  isJsonObject,
  type JsonValue,
  parseJson,
} from "../../../core/encoding/mod.ts";
import type { Folder } from "./folder.ts";
import { type Owner, thisProcess } from "./owner.ts";
import { COMMIT_PREFIX, JOURNAL_PREFIX, TEMP_PREFIX, UNDO_PREFIX } from "./protection.ts";
import { nodeFs, quietly, randomHex, syncDescriptor, writeDescriptor } from "./system.ts";
import { isSingleName } from "./place.ts";

/** One step of a change of several files, as it is written down before the first step is taken. */
export interface Step {
  readonly kind: "write" | "delete";
  /** Workspace path of the folder that existed beforehand, without symlinks. */
  readonly folder: string;
  /** Folders to be created between `folder` and the name. */
  readonly missing: readonly string[];
  readonly name: string;
  /** Temporary file in `folder` with the new content; empty for a deletion. */
  readonly from: string;
  /** Name in `folder` under which the old file is kept until the end; empty when there was none. */
  readonly backup: string;
}

/** A temporary file: workspace path of its folder, and its name. */
export interface Leftover {
  readonly folder: string;
  readonly name: string;
}

/** What a journal says. */
export interface JournalContent {
  readonly owner: Owner;
  /** Files to be removed when all is over. */
  readonly leftovers: readonly Leftover[];
  /** Empty when a single file is replaced: its rename is one step already. */
  readonly steps: readonly Step[];
}

/**
 * What a start must do with a journal, told by its name alone, so that one rename is one change of mind:
 * `clean` removes its temporary files, `commit` takes its steps to the end, `undo` takes them back.
 */
export type Phase = "clean" | "commit" | "undo";

const PREFIXES: Readonly<Record<Phase, string>> = {
  clean: JOURNAL_PREFIX,
  commit: COMMIT_PREFIX,
  undo: UNDO_PREFIX,
};

/** A journal in the root of the workspace. */
export class Journal {
  readonly #root: Folder;
  readonly #id: string;
  #phase: Phase;

  constructor(root: Folder, id: string, phase: Phase) {
    this.#root = root;
    this.#id = id;
    this.#phase = phase;
  }

  /** Writes a journal in phase `clean`, on disk at once when it has steps. */
  static async begin(root: Folder, content: Omit<JournalContent, "owner">): Promise<Journal> {
    const journal = new Journal(root, randomHex(12), "clean");
    const fs = nodeFs();
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = fs.constants;
    const fd = fs.openSync(root.at(journal.name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      const text = JSON.stringify({ version: 1, owner: thisProcess(), ...content });
      await writeDescriptor(fd, new TextEncoder().encode(text));
      if (content.steps.length > 0) await syncDescriptor(fd);
    } catch (error) {
      quietly(() => journal.remove());
      throw error;
    } finally {
      fs.closeSync(fd);
    }
    return journal;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get name(): string {
    return PREFIXES[this.#phase] + this.#id;
  }

  /** Enters another phase, for good: the new name is on disk when this resolves. */
  async enter(phase: Phase): Promise<void> {
    const before = this.name;
    nodeFs().renameSync(this.#root.at(before), this.#root.at(PREFIXES[phase] + this.#id));
    this.#phase = phase;
    await this.#root.sync();
  }

  remove(): void {
    nodeFs().unlinkSync(this.#root.at(this.name));
  }
}

/** The phase and id that a file name tells, or `undefined` when it is no journal's. */
export function parseJournalName(name: string): { phase: Phase; id: string } | undefined {
  const found = /^\.nomos-(journal|commit|undo)-([0-9a-f]{24})$/.exec(name);
  if (found === null) return undefined;
  const phase = found[1] === "journal" ? "clean" : found[1] === "commit" ? "commit" : "undo";
  return { phase, id: found[2] ?? "" };
}

/**
 * Reads a journal back. Agents cannot write one, but processes they start may: nothing is taken from it that could
 * name a place outside of the workspace or a file that is not a temporary one.
 *
 * @returns `undefined` for text that this version did not write
 */
export function parseJournal(bytes: Uint8Array): JournalContent | undefined {
  const parsed = parseJson(bytes, { file: "journal" });
  if (!parsed.ok) return undefined;
  const { value } = parsed.value;
  if (!isJsonObject(value) || value["version"] !== 1) return undefined;
  const owner = parseOwner(value["owner"]);
  const leftovers = parseList(value["leftovers"], parseLeftover);
  const steps = parseList(value["steps"], parseStep);
  return owner && leftovers && steps ? { owner, leftovers, steps } : undefined;
}

function parseOwner(value: JsonValue | undefined): Owner | undefined {
  if (!isJsonObject(value)) return undefined;
  const { pid, start, boot, space } = value;
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (typeof start !== "string" || typeof boot !== "string" || typeof space !== "string") {
    return undefined;
  }
  return { pid, start, boot, space };
}

function parseLeftover(value: JsonValue): Leftover | undefined {
  if (!isJsonObject(value)) return undefined;
  const { folder, name } = value;
  return isFolderPath(folder) && isTempName(name) ? { folder, name } : undefined;
}

function parseStep(value: JsonValue): Step | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kind, folder, name, from, backup } = value;
  const missing = parseList(value["missing"], (item) => isPlainName(item) ? item : undefined);
  if ((kind !== "write" && kind !== "delete") || missing === undefined) return undefined;
  if (!isFolderPath(folder) || !isPlainName(name)) return undefined;
  if (!isTempName(from) && !(from === NONE && kind === "delete")) return undefined;
  if (!isTempName(backup) && !(backup === NONE && kind === "write")) return undefined;
  return { kind, folder, missing, name, from, backup };
}

function parseList<T>(
  value: JsonValue | undefined,
  parse: (item: JsonValue) => T | undefined,
): T[] | undefined {
  if (!isJsonArray(value)) return undefined;
  const items = value.map(parse).filter((item) => item !== undefined);
  return items.length === value.length ? items : undefined;
}

function isFolderPath(value: JsonValue | undefined): value is string {
  return value === "" || (typeof value === "string" && value.split("/").every(isPlainName));
}

function isPlainName(value: JsonValue | undefined): value is string {
  return typeof value === "string" && isSingleName(value) && !isReservedName(value);
}

type TempName = `.nomos-tmp-${string}`;
const NONE = "";

function isTempName(value: JsonValue | undefined): value is TempName {
  return typeof value === "string" && value.startsWith(TEMP_PREFIX) && isSingleName(value);
}
