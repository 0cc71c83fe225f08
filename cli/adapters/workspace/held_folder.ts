import type { HeldFolder } from "../../../core/ports/mod.ts";
import type { Arrival } from "./walk.ts";

/** A held folder of the workspace. */
export class WorkspaceFolder implements HeldFolder {
  readonly resolvedPath: string;
  readonly startPath: string;
  readonly #arrival: Arrival;
  readonly #onFree: () => void;
  #released = false;

  /** @param onFree called once, when the handle was closed */
  constructor(arrival: Arrival, onFree: () => void) {
    this.#arrival = arrival;
    this.#onFree = onFree;
    this.resolvedPath = arrival.path;
    this.startPath = arrival.folder.at(".");
  }

  release(): Promise<void> {
    if (!this.#released) {
      this.#released = true;
      this.#arrival.folder.close();
      this.#onFree();
    }
    return Promise.resolve();
  }
}
