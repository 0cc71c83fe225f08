import type { Recovery } from "../../../core/ports/mod.ts";
import type { Folder } from "./folder.ts";
import {
  Journal,
  type JournalContent,
  type Leftover,
  parseJournal,
  parseJournalName,
  type Phase,
  type Step,
} from "./journal.ts";
import { isAlive } from "./owner.ts";
import { TEMP_PREFIX } from "./protection.ts";
import { readLines } from "./read_lines.ts";
import { takeStep, undoStep } from "./steps.ts";
import { errorCode, nodeFs, quietly, systemError } from "./system.ts";
import { descend } from "./temp_file.ts";
import { type Ground, joinPath } from "./place.ts";

const MAX_JOURNAL_BYTES = 16 * 1024 * 1024;
/** A process that we cannot look at has this long to finish, in milliseconds; a change takes far less. */
const PATIENCE_MS = 5_000;
const POLL_MS = 200;
/** Temporary files in the root that no journal knows are removed at this age. */
const STRAY_MS = 600_000;

/**
 * Brings a workspace in order that a killed process left in the middle of something: changes of several files are
 * finished (or taken back where that fails), leftover temporary files removed. What a living process is at is left
 * alone.
 */
export async function recover(ground: Ground): Promise<Recovery> {
  const found = { completed: 0, undone: 0, removed: 0, failed: [] as string[] };
  const names = nodeFs().readdirSync(ground.root.at("."));
  for (const name of names) {
    const journal = parseJournalName(name);
    if (journal === undefined) continue;
    try {
      await recoverOne(ground, { name, ...journal }, found);
    } catch (error) {
      // Another process may have recovered it meanwhile.
      if (errorCode(error) !== "ENOENT") found.failed.push(name);
    }
  }
  for (const name of names) {
    if (name.startsWith(TEMP_PREFIX) && removeStray(ground.root, name)) found.removed++;
  }
  return found;
}

type Tally = { completed: number; undone: number; removed: number };

async function recoverOne(
  ground: Ground,
  file: { name: string; phase: Phase; id: string },
  tally: Tally,
): Promise<void> {
  const content = parseJournal(await readAll(ground.root, file.name));
  const journal = new Journal(ground.root, file.id, file.phase);
  if (content === undefined) {
    // Killed while it was written, before anything else: nothing depends on it.
    if (file.phase !== "clean") throw systemError("EINVAL");
    journal.remove();
    return;
  }
  if (await isInUse(ground.root, file.name, content)) return;
  if (file.phase !== "clean") {
    const completed = file.phase === "commit" && await finish(ground, content.steps);
    if (!completed) await takeBack(ground, { steps: content.steps, journal });
    await journal.enter("clean");
    tally[completed ? "completed" : "undone"]++;
  }
  for (const leftover of content.leftovers) {
    if (removeLeftover(ground.root, leftover)) tally.removed++;
  }
  journal.remove();
}

async function readAll(root: Folder, name: string): Promise<Uint8Array> {
  const entry = root.look(name);
  try {
    const fd = entry.open();
    try {
      return (await readLines(fd, entry.info.size, { maxBytes: MAX_JOURNAL_BYTES })).bytes;
    } finally {
      quietly(() => nodeFs().closeSync(fd));
    }
  } finally {
    entry.close();
  }
}

/** Whether somebody is still at it; waits for one whom we cannot see. */
async function isInUse(root: Folder, name: string, content: JournalContent): Promise<boolean> {
  const alive = isAlive(content.owner);
  if (alive !== "unknown") return alive;
  for (;;) {
    const stats = nodeFs().lstatSync(root.at(name));
    if (Date.now() - stats.ctimeMs > PATIENCE_MS) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function finish(ground: Ground, steps: readonly Step[]): Promise<boolean> {
  try {
    for (const step of steps) {
      await inFolder(ground, step, async (base) => {
        await takeStep(base, step);
        await base.sync();
      });
    }
    return true;
  } catch {
    return false;
  }
}

async function takeBack(
  ground: Ground,
  change: { steps: readonly Step[]; journal: Journal },
): Promise<void> {
  const { steps, journal } = change;
  if (journal.phase !== "undo") await journal.enter("undo");
  for (const step of steps.toReversed()) {
    await inFolder(ground, step, async (base) => {
      undoStep(base, step);
      await base.sync();
    });
  }
}

/** Opens a step's folder as it was written down: real folders only, and none of them protected. */
async function inFolder(
  ground: Ground,
  step: Step,
  work: (base: Folder) => Promise<void>,
): Promise<void> {
  const path = joinPath(step.folder, ...step.missing, step.name);
  if (ground.protection.coversPath(path)) throw systemError("EKEPT");
  const base = descend(ground.root, namesOf(step.folder));
  try {
    if (step.missing.length === 0) refuseProtectedFile(ground, base, step.name);
    await work(base);
  } finally {
    base.close();
  }
}

function refuseProtectedFile(ground: Ground, folder: Folder, name: string): void {
  try {
    const entry = folder.look(name);
    entry.close();
    if (ground.protection.coversFile(entry.info)) throw systemError("EKEPT");
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
}

/** Whether a temporary file was there to be removed. */
function removeLeftover(root: Folder, leftover: Leftover): boolean {
  try {
    const folder = descend(root, namesOf(leftover.folder));
    try {
      nodeFs().unlinkSync(folder.at(leftover.name));
      return true;
    } finally {
      folder.close();
    }
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "")) return false;
    throw error;
  }
}

function removeStray(root: Folder, name: string): boolean {
  try {
    if (Date.now() - nodeFs().lstatSync(root.at(name)).mtimeMs < STRAY_MS) return false;
    nodeFs().unlinkSync(root.at(name));
    return true;
  } catch {
    return false;
  }
}

function namesOf(path: string): string[] {
  return path === "" ? [] : path.split("/");
}
