import { type Adapters, FileError, type FileStat } from "../ports/mod.ts";

type Disk = Pick<Adapters, "files" | "ids">;

/** What a path leads to, symlinks followed; `undefined` when nothing is there or it cannot be looked at. */
export async function look({ files }: Disk, path: string): Promise<FileStat | undefined> {
  try {
    return await files.stat(path, { follow: true });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return undefined;
  }
}

/**
 * Tells whether files can be made in a folder, by making one and removing it.
 *
 * @returns what is in the way, `undefined` when nothing is
 */
export async function folderFlaw(disk: Disk, folder: string): Promise<string | undefined> {
  const stat = await look(disk, folder);
  if (stat === undefined) return `the folder ${folder} does not exist`;
  if (stat.kind !== "directory") return `${folder} is not a folder`;
  const probe = disk.files.resolve(folder, `.nomos-doctor-${disk.ids.hex(6)}`);
  try {
    await disk.files.write(probe, new Uint8Array());
    await disk.files.remove(probe);
    return undefined;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return `files cannot be made in ${folder} (${error.code})`;
  }
}

/**
 * Tells whether a file can be written, or made when it is not there yet.
 *
 * @returns what is in the way, `undefined` when nothing is
 */
export async function fileFlaw(disk: Disk, path: string): Promise<string | undefined> {
  const stat = await look(disk, path);
  if (stat !== undefined && stat.kind !== "file") return `${path} is not a regular file`;
  const isReadOnly = stat !== undefined && stat.mode !== 0 && (stat.mode & 0o222) === 0;
  if (isReadOnly) return `${path} is read-only`;
  return await folderFlaw(disk, disk.files.dirname(path));
}
