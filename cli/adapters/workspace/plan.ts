import { foldCase } from "../../../core/encoding/mod.ts";
import type { FileChange } from "../../../core/ports/mod.ts";
import { WorkspaceFile } from "./held_file.ts";
import type { Step } from "./journal.ts";
import type { Ground, Place } from "./place.ts";
import { tempName } from "./temp_file.ts";

/** A change with the place it is made at. */
export interface Planned {
  readonly change: FileChange;
  readonly place: Place;
  readonly step: Step;
  /** Whether we gave the old file its second name. */
  linked: boolean;
}

/** The path of a file that is changed twice. */
export function findTwice(ground: Ground, changes: readonly FileChange[]): string | undefined {
  const seen = new Set<string>();
  for (const { held } of changes) {
    const path = held.resolvedPath;
    const key = ground.caseInsensitive ? foldCase(path) : path;
    if (seen.has(key)) return path;
    seen.add(key);
  }
  return undefined;
}

/** The file of a change, which must be held by the same workspace. */
export function ownFile(ground: Ground, change: FileChange): WorkspaceFile {
  const { held } = change;
  if (held instanceof WorkspaceFile && held.isOf(ground)) return held;
  throw new Error("a file of another workspace cannot be changed in this one");
}

/** Writes down what is to be done at a place. */
export function plan(change: FileChange, place: Place | undefined): Planned {
  if (place === undefined) throw new Error("a change has no place");
  const writes = change.kind === "write";
  const keeps = !writes || place.entry !== undefined;
  const step: Step = {
    kind: change.kind,
    folder: place.folderPath,
    missing: place.missing,
    name: place.name,
    from: writes ? tempName() : "",
    backup: keeps ? tempName() : "",
  };
  return { change, place, step, linked: false };
}
