import type { Folder } from "./folder.ts";
import type { Step } from "./journal.ts";
import { errorCode, nodeFs } from "./system.ts";
import { createFolders, descend, isTaken, removeFolders } from "./temp_file.ts";

/**
 * Takes one step. Taking it again changes nothing: a file that is still under its temporary name tells that the step
 * is yet to be taken, whatever stands under its real name.
 *
 * @param base the step's `folder`
 */
export async function takeStep(base: Folder, step: Step): Promise<void> {
  if (step.kind === "delete") {
    if (!isTaken(base, step.backup)) move(base, step.name, { to: base, name: step.backup });
    return;
  }
  if (!isTaken(base, step.from)) return;
  // The old file has its second name already, except where the file system knows no hard links.
  if (step.backup !== "" && !isTaken(base, step.backup)) {
    move(base, step.name, { to: base, name: step.backup });
  }
  const folder = await createFolders(base, step.missing);
  try {
    move(base, step.from, { to: folder, name: step.name });
    if (folder !== base) await folder.sync();
  } finally {
    if (folder !== base) folder.close();
  }
}

/** Takes one step back, whether it was taken or not. Doing so again changes nothing. */
export function undoStep(base: Folder, step: Step): void {
  if (step.backup !== "") {
    move(base, step.backup, { to: base, name: step.name });
    return;
  }
  if (!isTaken(base, step.from)) undoCreation(base, step);
  removeFolders(base, step.missing);
}

function undoCreation(base: Folder, step: Step): void {
  let folder: Folder;
  try {
    folder = descend(base, step.missing);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  try {
    move(folder, step.name, { to: base, name: step.from });
  } finally {
    if (folder !== base) folder.close();
  }
}

/** Moves a file; nothing under the old name is no fault: then it was moved before. */
function move(from: Folder, name: string, target: { to: Folder; name: string }): void {
  try {
    nodeFs().renameSync(from.at(name), target.to.at(target.name));
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
}
