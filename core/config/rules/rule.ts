import { toPointer } from "../../encoding/mod.ts";
import { FileError, type Files, type FileStat } from "../../ports/mod.ts";
import type { Sources } from "../sources.ts";
import type { Draft } from "../shape.ts";
import { dotted, type Path } from "../tree.ts";

/** What a rule sees of a config, and where it reports. */
export interface RuleContext {
  readonly config: Draft;
  readonly sources: Sources;
  readonly files: Files;
  /**
   * Reports a problem of one key.
   *
   * @param state what is so
   * @param wish what should be
   */
  report(path: Path, state: string, wish: string): void;
}

/** Checks what depends on several keys, on the form of a text, or on the disk. */
export type Rule = (context: RuleContext) => void | Promise<void>;

/** Whether the file, a variable or a flag set a key. */
export function isSet({ sources }: RuleContext, path: Path): boolean {
  return sources.isSet(toPointer(path));
}

/** Reports every key of the list that has no value. */
export function need(
  context: RuleContext,
  holder: Readonly<Record<string, unknown>>,
  { at, keys, why }: { at: Path; keys: readonly string[]; why: string },
): void {
  for (const key of keys) {
    const value = holder[key];
    if (value === undefined || value === "") {
      context.report([...at, key], "it is not set", `a value, because ${why}`);
    }
  }
}

/** Reports names that stand twice in a list. */
export function unique(
  context: RuleContext,
  entries: readonly { readonly path: Path; readonly name: string | undefined }[],
): void {
  const first = new Map<string, Path>();
  for (const { path, name } of entries) {
    if (name === undefined) continue;
    const other = first.get(name);
    if (other === undefined) first.set(name, path);
    else context.report(path, `it is the same as ${dotted(other)}`, "a name of its own");
  }
}

/** Reports a file that is named but not there. */
export async function mustExist(
  context: RuleContext,
  path: Path,
  file: string | undefined,
  kind: "file" | "directory" = "file",
): Promise<void> {
  if (file === undefined) return;
  const wish = kind === "file" ? "an existing file" : "an existing folder";
  const found = await look(context.files, file);
  if (typeof found === "string") context.report(path, found, wish);
  else if (found.kind !== kind) context.report(path, `a ${found.kind} is there`, wish);
}

async function look(files: Files, path: string): Promise<FileStat | string> {
  try {
    return await files.stat(path, { follow: true }) ?? "nothing is there";
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return `it cannot be looked at (${error.code})`;
  }
}

/** The host of an absolute http or https URL, `undefined` for anything else. */
export function httpHost(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isHttp = url.protocol === "https:" || url.protocol === "http:";
  return isHttp && url.hostname !== "" ? url.hostname : undefined;
}

/** A name that the environment of a process can hold. */
export function isVariableName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}
