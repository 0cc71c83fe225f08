import { fail, ok, type Result } from "../../../core/encoding/mod.ts";
import type { Refusal } from "../../../core/model/mod.ts";
import type { Entry, Folder } from "./folder.ts";
import { type Ground, isSingleName, type Place, readTarget } from "./place.ts";
import { isReservedName } from "../../../core/ports/mod.ts";
import { type Act, refusePath, refuseProtected, refuseSystemError } from "./refusals.ts";
import { errorCode, nodeFs, systemError } from "./system.ts";

/** Symlinks followed on one way, as many as Linux itself follows. */
const MAX_LINKS = 40;
/** Names looked up on one way, however links lead back and forth. */
const MAX_STEPS = 1_024;

const NOT_PLAIN = "it is not a plain path";
const TOO_FAR = "its symlinks lead too far around";

/** Folders that one write creates. */
const MAX_MISSING = 128;

/**
 * Goes from the root to a path, one name at a time, each looked up in the folder that is open already. Symlinks are
 * read and followed by this walk and never by the system, so no step can leave the workspace.
 *
 * @param path workspace path as it was asked for
 * @param act names the wish in messages; all but `read` go on where nothing exists yet
 */
export function walk(ground: Ground, path: string, act: Act): Result<Place, Refusal> {
  const walker = new Walker(ground, path, act);
  try {
    return walker.go();
  } catch (error) {
    walker.abandon();
    return fail(refuseSystemError(error, act, path));
  }
}

/** A folder at which a way ended, open. */
export interface Arrival {
  /** Owned by whoever has the arrival; the root's own `close` does nothing. */
  readonly folder: Folder;
  /** Workspace path without symlinks; `""` is the root. */
  readonly path: string;
}

/**
 * Goes from the root to a folder as `walk` goes to a file.
 *
 * @param path workspace path as it was asked for; `""` is the root
 */
export function walkToFolder(ground: Ground, path: string): Result<Arrival, Refusal> {
  const walker = new Walker(ground, path, "run in");
  try {
    return walker.goToFolder();
  } catch (error) {
    walker.abandon();
    return fail(refuseSystemError(error, "run in", path));
  }
}

class Walker {
  readonly #ground: Ground;
  readonly #asked: string;
  readonly #act: Act;
  /** Names still to go, the next one last. */
  #pending: string[];
  /** Names behind us: real folders, no links. */
  #done: string[] = [];
  #folder: Folder | undefined;
  #links = 0;
  #isLink = false;

  constructor(ground: Ground, asked: string, act: Act) {
    this.#ground = ground;
    this.#asked = asked;
    this.#act = act;
    this.#pending = asked.split("/").reverse();
  }

  go(): Result<Place, Refusal> {
    if (this.#asked === "") return this.#refuseFolder();
    if (!this.#pending.every(isSingleName)) return this.#refuse(NOT_PLAIN);
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const name = this.#pending.pop();
      if (name === undefined) return this.#refuseFolder();
      const end = name === ".."
        ? this.#back()
        : isReservedName(name)
        ? this.#refuseProtected()
        : this.#pending.length > 0
        ? this.#enter(name)
        : this.#arrive(name);
      if (end !== undefined) return this.#keep(end);
    }
    return this.#keep(this.#refuse(TOO_FAR));
  }

  goToFolder(): Result<Arrival, Refusal> {
    if (this.#asked === "") this.#pending = [];
    if (!this.#pending.every(isSingleName)) return this.#refuse(NOT_PLAIN);
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const name = this.#pending.pop();
      if (name === undefined) return this.#keep(this.#arriveAtFolder());
      const end = name === ".."
        ? this.#back()
        : isReservedName(name)
        ? this.#refuseProtected()
        : this.#enter(name);
      if (end === undefined) continue;
      // Where nothing exists, a way to a folder ends in a refusal: only writers go on there.
      return this.#keep(end.ok ? this.#refuse(NOT_PLAIN) : end);
    }
    return this.#keep(this.#refuse(TOO_FAR));
  }

  #arriveAtFolder(): Result<Arrival, Refusal> {
    const path = this.#path([]);
    if (this.#ground.protection.coversPath(path)) return this.#refuseProtected();
    return ok({ folder: this.#here(), path });
  }

  /** Lets go of everything after a fault. */
  abandon(): void {
    this.#folder?.close();
    this.#folder = undefined;
  }

  /** Whoever gets a place owns the folder; after a refusal nobody does. */
  #keep<T>(end: Result<T, Refusal>): Result<T, Refusal> {
    if (!end.ok) this.abandon();
    return end;
  }

  #here(): Folder {
    return this.#folder ?? this.#ground.root;
  }

  #enter(name: string): Result<Place, Refusal> | undefined {
    let next: Folder;
    try {
      next = this.#here().enter(name);
    } catch (error) {
      return this.#notEntered(name, error);
    }
    this.#folder?.close();
    this.#folder = next;
    this.#done.push(name);
    return undefined;
  }

  #notEntered(name: string, error: unknown): Result<Place, Refusal> | undefined {
    if (errorCode(error) === "ENOENT") return this.#nothingAt(name);
    if (errorCode(error) !== "ENOTDIR") throw error;
    const target = this.#readLink(name);
    if (target !== undefined) return this.#follow(target);
    if (this.#ground.protection.coversPath(this.#path([name]))) return this.#refuseProtected();
    throw error;
  }

  #arrive(name: string): Result<Place, Refusal> | undefined {
    let entry: Entry;
    try {
      entry = this.#here().look(name);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return this.#nothingAt(name);
      throw error;
    }
    if (entry.info.kind === "symlink") {
      entry.close();
      return this.#arriveAtLink(name);
    }
    const refusal = this.#judge(name, entry);
    if (refusal === undefined) return ok(this.#place([], name, entry));
    entry.close();
    return fail(refusal);
  }

  #arriveAtLink(name: string): Result<Place, Refusal> | undefined {
    const target = this.#readLink(name);
    if (target === undefined) {
      // Swapped between looking and reading: look again.
      this.#pending.push(name);
      return undefined;
    }
    this.#isLink = true;
    return this.#follow(target);
  }

  #judge(name: string, entry: Entry): Refusal | undefined {
    const { protection } = this.#ground;
    if (protection.coversPath(this.#path([name])) || protection.coversFile(entry.info)) {
      return refuseProtected(this.#act, this.#asked);
    }
    if (entry.info.kind === "directory") {
      return refuseSystemError(systemError("EISDIR"), this.#act, this.#asked);
    }
    if (entry.info.kind !== "file") {
      return refusePath(
        "invalid_resource",
        this.#act,
        this.#asked,
        "it is a device, FIFO or socket, expected a regular file",
      );
    }
    return undefined;
  }

  /** Nothing has this name: the end for readers, the place of a new file for writers. */
  #nothingAt(name: string): Result<Place, Refusal> {
    const names = [name, ...this.#pending.toReversed()];
    if (this.#ground.protection.coversPath(this.#path(names)) || names.some(isReservedName)) {
      return this.#refuseProtected();
    }
    const last = names.pop();
    const mustExist = this.#act === "read" || this.#act === "run in";
    if (mustExist || last === undefined || last === ".." || names.includes("..")) {
      return fail(refusePath("not_found", this.#act, this.#asked, "it does not exist"));
    }
    if (names.length > MAX_MISSING) {
      const why = `more than ${MAX_MISSING} folders of its path do not exist`;
      return fail(refusePath("does_not_fit", this.#act, this.#asked, why));
    }
    return ok(this.#place(names, last));
  }

  #place(missing: readonly string[], name: string, entry?: Entry): Place {
    const folder = this.#folder ?? this.#ground.root;
    this.#folder = undefined;
    return {
      folder,
      folderPath: this.#done.join("/"),
      missing,
      name,
      isLink: this.#isLink,
      ...(entry === undefined ? {} : { entry }),
    };
  }

  #readLink(name: string): string | undefined {
    try {
      return nodeFs().readlinkSync(this.#here().at(name));
    } catch (error) {
      if (errorCode(error) === "EINVAL") return undefined;
      throw error;
    }
  }

  #follow(target: string): Result<never, Refusal> | undefined {
    if (++this.#links > MAX_LINKS) return this.#refuse("its symlinks form a loop or a long chain");
    const found = readTarget(target, this.#ground.rootPaths);
    if (found === undefined) return this.#refuseOutside();
    if (found.fromRoot) this.#restart([]);
    this.#pending.push(...found.names.toReversed());
    return undefined;
  }

  /** A `..` in a link: from the root again, by the real names, without the last one. */
  #back(): Result<never, Refusal> | undefined {
    if (this.#done.length === 0) return this.#refuseOutside();
    this.#restart(this.#done.slice(0, -1));
    return undefined;
  }

  #restart(names: readonly string[]): void {
    this.#folder?.close();
    this.#folder = undefined;
    this.#done = [];
    this.#pending.push(...names.toReversed());
  }

  #path(names: readonly string[]): string {
    return [...this.#done, ...names].join("/");
  }

  #refuse(why: string): Result<never, Refusal> {
    return fail(refusePath("invalid_resource", this.#act, this.#asked, why));
  }

  #refuseOutside(): Result<never, Refusal> {
    return this.#refuse("a symlink in its path leads out of the workspace");
  }

  #refuseProtected(): Result<never, Refusal> {
    return fail(refuseProtected(this.#act, this.#asked));
  }

  #refuseFolder(): Result<never, Refusal> {
    return fail(refuseSystemError(systemError("EISDIR"), this.#act, this.#asked));
  }
}
