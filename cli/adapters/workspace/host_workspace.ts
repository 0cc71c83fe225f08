import { fail, ok, type Result } from "../../../core/encoding/mod.ts";
import { type Refusal, refuse } from "../../../core/model/mod.ts";
import type {
  FileChange,
  HeldFile,
  HeldFolder,
  Recovery,
  Workspace,
  WorkspaceOptions,
} from "../../../core/ports/mod.ts";
import { applyChanges } from "./apply.ts";
import { foldsCase } from "./case_probe.ts";
import { WorkspaceFile } from "./held_file.ts";
import { WorkspaceFolder } from "./held_folder.ts";
import type { OpenedRoot } from "./open_root.ts";
import type { Ground } from "./place.ts";
import { Protection } from "./protection.ts";
import { recover } from "./recover.ts";
import { nodeFs, quietly } from "./system.ts";
import { walk, walkToFolder } from "./walk.ts";

/** Files held at one time; each takes up to two descriptors. */
const MAX_HELD = 1_024;

/**
 * Makes a workspace of an opened root, which it closes in the end, or at once when it fails.
 *
 * @param path the root's absolute path, as the operator spells it
 */
export async function buildWorkspace(
  opened: OpenedRoot,
  path: string,
  options: WorkspaceOptions,
): Promise<Workspace> {
  try {
    const real = nodeFs().realpathSync.native(path);
    const caseInsensitive = foldsCase(opened.root);
    const ground: Ground = {
      root: opened.root,
      rootPaths: real === path ? [real] : [real, path],
      protection: new Protection(options.protectedPaths, real, { caseInsensitive }),
      caseInsensitive,
    };
    const recovery = await recover(ground);
    return new HostWorkspace(ground, { ...opened, real, recovery });
  } catch (error) {
    quietly(opened.closeRoot);
    throw error;
  }
}

class HostWorkspace implements Workspace {
  readonly root: string;
  readonly caseInsensitive: boolean;
  readonly guarantee: "race_free" | "best_effort";
  readonly recovery: Recovery;
  readonly #ground: Ground;
  readonly #closeRoot: () => void;
  #held = 0;
  #closed = false;

  constructor(
    ground: Ground,
    found: {
      real: string;
      raceFree: boolean;
      recovery: Recovery;
      closeRoot: () => void;
    },
  ) {
    this.#ground = ground;
    this.#closeRoot = found.closeRoot;
    this.root = found.real;
    this.caseInsensitive = ground.caseInsensitive;
    this.guarantee = found.raceFree ? "race_free" : "best_effort";
    this.recovery = found.recovery;
  }

  // Async so that a fault is a rejection, like everywhere else.
  // deno-lint-ignore require-await -- a port's method
  async hold(path: string, intent: "read" | "write"): Promise<Result<HeldFile, Refusal>> {
    const refusal = this.#refuseMore();
    if (refusal !== undefined) return fail(refusal);
    const place = walk(this.#ground, path, intent);
    if (!place.ok) return place;
    this.#held++;
    return ok(new WorkspaceFile(this.#ground, place.value, () => this.#freed()));
  }

  // deno-lint-ignore require-await -- a port's method
  async holdFolder(path: string): Promise<Result<HeldFolder, Refusal>> {
    const refusal = this.#refuseMore();
    if (refusal !== undefined) return fail(refusal);
    const arrival = walkToFolder(this.#ground, path);
    if (!arrival.ok) return arrival;
    this.#held++;
    return ok(new WorkspaceFolder(arrival.value, () => this.#freed()));
  }

  apply(changes: readonly FileChange[]): Promise<Result<{ bytesWritten: number }, Refusal>> {
    return applyChanges(this.#ground, changes);
  }

  close(): Promise<void> {
    if (!this.#closed && this.#held === 0) this.#closeRoot();
    this.#closed = true;
    return Promise.resolve();
  }

  #refuseMore(): Refusal | undefined {
    if (this.#closed) throw new Error("the workspace is closed");
    if (this.#held < MAX_HELD) return undefined;
    return refuse("execution_error", "Cannot hold a file: too many are held, try again later");
  }

  /** What is still held needs the root until it is released. */
  #freed(): void {
    this.#held--;
    if (this.#closed && this.#held === 0) this.#closeRoot();
  }
}
