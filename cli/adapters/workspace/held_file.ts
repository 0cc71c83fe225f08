import { fail, ok, type Result } from "../../../core/encoding/mod.ts";
import type { Refusal } from "../../../core/model/mod.ts";
import type { HeldFile, ReadBytes, ReadOptions } from "../../../core/ports/mod.ts";
import { readLines } from "./read_lines.ts";
import { type Act, refuseSystemError } from "./refusals.ts";
import { replaceFile } from "./replace.ts";
import { nodeFs, quietly, systemError } from "./system.ts";
import { type Ground, pathOf, type Place } from "./place.ts";

/** A held place of the workspace. Its handles stay open until it is released and nothing uses them any more. */
export class WorkspaceFile implements HeldFile {
  readonly resolvedPath: string;
  readonly #ground: Ground;
  readonly #place: Place;
  readonly #onFree: () => void;
  #users = 0;
  #released = false;

  /** @param onFree called once, when the handles were closed */
  constructor(ground: Ground, place: Place, onFree: () => void) {
    this.#ground = ground;
    this.#place = place;
    this.#onFree = onFree;
    this.resolvedPath = pathOf(place);
  }

  get exists(): boolean {
    return this.#place.entry !== undefined;
  }

  get isLink(): boolean {
    return this.#place.isLink;
  }

  get mode(): number {
    return (this.#place.entry?.info.mode ?? 0) & 0o777;
  }

  isOf(ground: Ground): boolean {
    return this.#ground === ground;
  }

  read(options: ReadOptions): Promise<Result<ReadBytes, Refusal>> {
    return this.#use("read", async (place) => {
      if (place.entry === undefined) throw systemError("ENOENT");
      const fd = place.entry.open();
      try {
        return await readLines(fd, place.entry.info.size, options);
      } finally {
        quietly(() => nodeFs().closeSync(fd));
      }
    });
  }

  replace(content: Uint8Array): Promise<Result<{ bytesWritten: number }, Refusal>> {
    return this.#use("write", async (place) => {
      await replaceFile(this.#ground, place, { content });
      return { bytesWritten: content.length };
    });
  }

  release(): Promise<void> {
    this.#released = true;
    this.#free();
    return Promise.resolve();
  }

  /** Keeps the handles open, even when the file is released, until `giveBack` is called. */
  borrow(): Place {
    // INVARIANT: a closed descriptor's number may mean another file, so it is never used again.
    if (this.#released) throw new Error("a released file was used");
    this.#users++;
    return this.#place;
  }

  giveBack(): void {
    this.#users--;
    this.#free();
  }

  async #use<T>(act: Act, work: (place: Place) => Promise<T>): Promise<Result<T, Refusal>> {
    const place = this.borrow();
    try {
      return ok(await work(place));
    } catch (error) {
      return fail(refuseSystemError(error, act, this.resolvedPath));
    } finally {
      this.giveBack();
    }
  }

  #free(): void {
    if (!this.#released || this.#users > 0) return;
    this.#users = Infinity;
    this.#place.entry?.close();
    this.#place.folder.close();
    this.#onFree();
  }
}
