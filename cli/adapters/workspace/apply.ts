import { echo, fail, ok, type Result } from "../../../core/encoding/mod.ts";
import { type Refusal, refuse } from "../../../core/model/mod.ts";
import type { FileChange } from "../../../core/ports/mod.ts";
import type { Folder } from "./folder.ts";
import { Journal } from "./journal.ts";
import type { Ground } from "./place.ts";
import { findTwice, ownFile, plan, type Planned } from "./plan.ts";
import { refuseSystemError } from "./refusals.ts";
import { checkFolder, checkTarget, modeFor, replaceFile } from "./replace.ts";
import { takeStep, undoStep } from "./steps.ts";
import { errorCode, nodeFs, quietly, systemError } from "./system.ts";
import { isTaken, removeTemp, writeTemp } from "./temp_file.ts";

/** What the system reported, with the change that it concerns. */
class ChangeFault extends Error {
  readonly change: FileChange;

  constructor(change: FileChange, cause: unknown) {
    super("a change failed", { cause });
    this.change = change;
  }
}

/** Makes all changes or none. */
export async function applyChanges(
  ground: Ground,
  changes: readonly FileChange[],
): Promise<Result<{ bytesWritten: number }, Refusal>> {
  const twice = findTwice(ground, changes);
  if (twice !== undefined) {
    const why = "it is named twice, expected each file once";
    return fail(refuse("does_not_fit", `Cannot change "${echo(twice)}": ${why}`));
  }
  const files = changes.map((change) => ownFile(ground, change));
  const planned = changes.map((change, i) => plan(change, files[i]?.borrow()));
  try {
    const [only] = planned;
    if (only !== undefined && planned.length === 1) await changeOne(ground, only);
    else if (planned.length > 1) await changeAll(ground, planned);
    return ok({ bytesWritten: changes.reduce((sum, change) => sum + sizeOf(change), 0) });
  } catch (error) {
    if (!(error instanceof ChangeFault)) {
      return fail(refuseSystemError(error, "change", "the workspace"));
    }
    const { kind, held } = error.change;
    return fail(refuseSystemError(error.cause, kind, held.resolvedPath));
  } finally {
    for (const file of files) file.giveBack();
  }
}

function sizeOf(change: FileChange): number {
  return change.kind === "write" ? change.content.length : 0;
}

/** One file changes in one step and needs no journal of steps. */
async function changeOne(ground: Ground, planned: Planned): Promise<void> {
  const { change, place } = planned;
  await blame(change, async () => {
    if (change.kind === "write") {
      const { content, mode } = change;
      await replaceFile(ground, place, { content, mode, onlyUnchanged: true });
    } else {
      check(ground, planned);
      nodeFs().unlinkSync(place.folder.at(place.name));
      await place.folder.sync();
    }
  });
}

async function changeAll(ground: Ground, planned: readonly Planned[]): Promise<void> {
  const journal = await Journal.begin(ground.root, {
    leftovers: planned.flatMap(({ step }) =>
      [step.from, step.backup].filter((name) => name !== "").map((name) => ({
        folder: step.folder,
        name,
      }))
    ),
    steps: planned.map(({ step }) => step),
  });
  try {
    for (const one of planned) await blame(one.change, () => stage(one));
    await syncFolders(planned);
    for (const one of planned) await blame(one.change, () => check(ground, one));
    await takeAll(planned, journal);
    await closeChange(journal);
  } finally {
    // A journal that says more than "clean" still needs its files; one whose files would not go is needed itself.
    const gone = journal.phase === "clean" && planned.map(discard).every((all) => all);
    if (gone) quietly(() => journal.remove());
  }
}

/** Where this fails, the change is made all the same; the next start finds nothing left to do and cleans up. */
async function closeChange(journal: Journal): Promise<void> {
  try {
    await journal.enter("clean");
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

/** Puts new content beside the old, and gives the old a second name to come back by. */
async function stage(planned: Planned): Promise<void> {
  const { change, place, step } = planned;
  if (change.kind === "delete") return;
  const { content, mode } = change;
  await writeTemp(place.folder, step.from, {
    content,
    mode: modeFor(place, mode),
    like: place.entry?.info,
  });
  if (step.backup === "") return;
  try {
    nodeFs().linkSync(place.folder.at(place.name), place.folder.at(step.backup));
    planned.linked = true;
  } catch (error) {
    // Not every file system or right allows a second name; then the step itself moves the old file aside.
    if (!NO_LINKS.includes(errorCode(error) ?? "")) throw error;
  }
}

const NO_LINKS = ["EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EINVAL"];

function check(ground: Ground, { change, place, linked }: Planned): void {
  checkFolder(ground, place.folder, place.folderPath);
  const [first] = place.missing;
  if (first !== undefined) {
    if (isTaken(place.folder, first)) throw systemError("EUCLEAN");
    return;
  }
  if (change.kind === "delete" && place.entry === undefined) throw systemError("ENOENT");
  const ownLinks = linked ? 1 : 0;
  checkTarget(ground, place, { folder: place.folder, onlyUnchanged: true, ownLinks });
}

async function takeAll(planned: readonly Planned[], journal: Journal): Promise<void> {
  try {
    // From here on the change is made, even if we are killed: the next start takes the steps that are left.
    await journal.enter("commit");
    for (const { change, place, step } of planned) {
      await blame(change, () => takeStep(place.folder, step));
    }
    await syncFolders(planned);
  } catch (error) {
    await undoAll(planned, journal);
    throw error;
  }
}

async function undoAll(planned: readonly Planned[], journal: Journal): Promise<void> {
  if (journal.phase === "clean") return;
  try {
    // INVARIANT: no step is taken back before the journal says so: a start that takes steps forward does not know
    // one that was taken back from one that was taken.
    await journal.enter("undo");
    for (const { place, step } of planned.toReversed()) undoStep(place.folder, step);
    await syncFolders(planned);
    await journal.enter("clean");
  } catch {
    throw systemError("EUNDO");
  }
}

/** Removes the temporary files of a change; tells whether all are gone. */
function discard({ place, step }: Planned): boolean {
  return [step.from, step.backup]
    .map((name) => name === "" || removeTemp(place.folder, name))
    .every((gone) => gone);
}

async function syncFolders(planned: readonly Planned[]): Promise<void> {
  const folders = new Map<string, Folder>();
  for (const { place } of planned) folders.set(place.folderPath, place.folder);
  for (const folder of folders.values()) await folder.sync();
}

async function blame(change: FileChange, work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new ChangeFault(change, error);
  }
}
