import { fail, ok, type Result } from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";
import {
  BEFORE_BYTES,
  type FileChange,
  type HeldFile,
  type HeldFolder,
  type ReadBytes,
  type ReadOptions,
  type Recovery,
  type Workspace,
} from "../ports/mod.ts";

/** A workspace in memory: plain files, symlinks as entries, and a set of protected names. */
export class MemoryWorkspace implements Workspace {
  readonly root = "/workspace";
  readonly caseInsensitive = false;
  readonly guarantee = "best_effort";
  readonly recovery: Recovery = { completed: 0, undone: 0, removed: 0, failed: [] };
  /** Content by workspace path. */
  readonly files = new Map<string, Uint8Array>();
  /** Targets of symlinks, by workspace path; a target that begins with `/` leads out. */
  readonly links = new Map<string, string>();
  /** Paths refused as `protected_path`. */
  readonly protectedPaths = new Set<string>();
  /** Handles that were not released yet. */
  held = 0;

  /** Resolves symlinks of the last name and holds the file. */
  hold(path: string, intent: "read" | "write"): Promise<Result<HeldFile, Refusal>> {
    const target = this.links.get(path) ?? path;
    if (target.startsWith("/")) {
      return Promise.resolve(
        fail(refuse("invalid_resource", `Cannot open "${path}": it leads out of the workspace`)),
      );
    }
    if (this.protectedPaths.has(target)) {
      return Promise.resolve(
        fail(refuse("protected_path", `Cannot open "${path}": Nomos itself uses it`)),
      );
    }
    if (intent === "read" && !this.files.has(target)) {
      return Promise.resolve(
        fail(refuse("not_found", `Cannot open "${path}": there is no such file`)),
      );
    }
    this.held++;
    return Promise.resolve(ok(new MemoryFile(this, target, target !== path)));
  }

  /** Holds a folder; every folder exists. */
  holdFolder(path: string): Promise<Result<HeldFolder, Refusal>> {
    const startPath = path === "" ? this.root : `${this.root}/${path}`;
    return Promise.resolve(ok({ resolvedPath: path, startPath, release: () => Promise.resolve() }));
  }

  /** Applies all changes. */
  apply(changes: readonly FileChange[]): Promise<Result<{ bytesWritten: number }, Refusal>> {
    let bytesWritten = 0;
    for (const change of changes) {
      const path = change.held.resolvedPath;
      if (change.kind === "delete") {
        this.files.delete(path);
        continue;
      }
      this.files.set(path, change.content);
      bytesWritten += change.content.length;
    }
    return Promise.resolve(ok({ bytesWritten }));
  }

  /** Nothing to free. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

class MemoryFile implements HeldFile {
  readonly resolvedPath: string;
  readonly isLink: boolean;
  readonly #workspace: MemoryWorkspace;
  #released = false;

  constructor(workspace: MemoryWorkspace, path: string, isLink: boolean) {
    this.#workspace = workspace;
    this.resolvedPath = path;
    this.isLink = isLink;
  }

  get exists(): boolean {
    return this.#workspace.files.has(this.resolvedPath);
  }

  get mode(): number {
    return this.exists ? 0o600 : 0;
  }

  read(options: ReadOptions): Promise<Result<ReadBytes, Refusal>> {
    const whole = this.#workspace.files.get(this.resolvedPath) ?? new Uint8Array();
    const lines = linesOf(whole, options);
    const cut = lines.length > options.maxBytes;
    const bytes = lines.subarray(0, options.maxBytes);
    const start = lines.byteOffset - whole.byteOffset;
    if (start === 0) return Promise.resolve(ok({ bytes, cut }));
    const before = whole.subarray(Math.max(0, start - BEFORE_BYTES), start);
    return Promise.resolve(ok({ bytes, cut, before }));
  }

  replace(content: Uint8Array): Promise<Result<{ bytesWritten: number }, Refusal>> {
    this.#workspace.files.set(this.resolvedPath, content);
    return Promise.resolve(ok({ bytesWritten: content.length }));
  }

  release(): Promise<void> {
    if (!this.#released) this.#workspace.held--;
    this.#released = true;
    return Promise.resolve();
  }
}

function linesOf(
  whole: Uint8Array,
  { offsetLine = 1, limitLines = Infinity }: ReadOptions,
): Uint8Array {
  let start = 0;
  for (let line = 1; line < offsetLine; line++) {
    const end = whole.indexOf(0x0a, start);
    if (end < 0) return new Uint8Array();
    start = end + 1;
  }
  let end = start;
  for (let line = 0; line < limitLines && end < whole.length; line++) {
    const next = whole.indexOf(0x0a, end);
    end = next < 0 ? whole.length : next + 1;
  }
  return whole.subarray(start, end);
}
