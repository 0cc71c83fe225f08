import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { TempFolder } from "../support/temp_folder.ts";

/** Files of a tree: content by path, `*` behind the path of an executable one. */
export type Tree = Readonly<Record<string, string>>;

const ENVIRONMENT = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  LC_ALL: "C",
};

const LINES = [
  "a",
  "b",
  "",
  " ",
  "-x",
  "+y",
  "@@ -1 +1 @@",
  "\\ z",
  "--- a/f",
  "ä€😀",
  "\tt",
  "é",
  "c\r",
];
const NAMES = ["f", "g.txt", "d/f", "d/e/h", "sp ace", "d/ü", 'quo"te', "b/a", "-dash", "d/tab\\x"];

const name = fc.constantFrom(...NAMES.filter((text) => !text.includes("\\")));
const line = fc.constantFrom(...LINES);
const content = fc.tuple(fc.array(line, { maxLength: 14 }), fc.constantFrom("\n", ""))
  .map(([lines, end]) => lines.join("\n") + (lines.length > 0 ? end : ""));

/** A tree whose files do not stand in each other's way. */
export const tree: fc.Arbitrary<Tree> = fc.array(
  fc.record({ name, content, executable: fc.boolean() }),
  { maxLength: 4 },
).map((files) => {
  const found: Record<string, string> = {};
  for (const file of files) {
    const taken = Object.keys(found).map((key) => key.replace(/\*$/, ""));
    const clash = taken.some((key) =>
      key === file.name || key.startsWith(`${file.name}/`) || file.name.startsWith(`${key}/`)
    );
    if (!clash) found[file.name + (file.executable ? "*" : "")] = file.content;
  }
  return found;
});

/** One thing that happens to a tree. */
type Edit =
  | { kind: "lines"; pick: number; at: number; remove: number; add: readonly string[] }
  | { kind: "content"; pick: number; content: string }
  | { kind: "mode" | "delete"; pick: number }
  | { kind: "rename"; pick: number; to: string }
  | { kind: "create"; name: string; content: string };

const pick = fc.nat(10);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("lines" as const),
      pick,
      at: fc.nat(14),
      remove: fc.nat(3),
      add: fc.array(line, { maxLength: 3 }),
    }),
  },
  fc.record({ kind: fc.constant("content" as const), pick, content }),
  fc.record({ kind: fc.constantFrom("mode" as const, "delete" as const), pick }),
  fc.record({ kind: fc.constant("rename" as const), pick, to: name }),
  fc.record({ kind: fc.constant("create" as const), name, content }),
);

/** A tree and what became of it. */
export const change: fc.Arbitrary<{ before: Tree; after: Tree }> = fc.tuple(
  tree,
  fc.array(edit, { minLength: 1, maxLength: 4 }),
).map(([before, edits]) => ({ before, after: edits.reduce(applyEdit, before) }));

function applyEdit(before: Tree, edit: Edit): Tree {
  const after: Record<string, string> = { ...before };
  const keys = Object.keys(before);
  const key = "pick" in edit ? keys[edit.pick % Math.max(1, keys.length)] : undefined;
  if (edit.kind === "create") return put(after, edit.name, edit.content);
  if (key === undefined) return before;
  const old = before[key] ?? "";
  if (edit.kind === "lines") {
    const lines = old.split("\n");
    lines.splice(edit.at, edit.remove, ...edit.add);
    after[key] = lines.join("\n");
  } else if (edit.kind === "content") after[key] = edit.content;
  else {
    delete after[key];
    if (edit.kind === "mode") after[key.endsWith("*") ? key.slice(0, -1) : `${key}*`] = old;
    if (edit.kind === "rename") return put(after, edit.to + (key.endsWith("*") ? "*" : ""), old);
  }
  return after;
}

function put(tree: Tree, key: string, content: string): Tree {
  const plain = (text: string) => text.replace(/\*$/, "");
  const clash = Object.keys(tree).map(plain).some((other) =>
    other === plain(key) || other.startsWith(`${plain(key)}/`) || plain(key).startsWith(`${other}/`)
  );
  return clash ? tree : { ...tree, [key]: content };
}

/** Writes a tree into a folder. */
export function plant(folder: TempFolder, files: Tree): void {
  for (const [key, text] of Object.entries(files)) {
    folder.write(key.replace(/\*$/, ""), text, key.endsWith("*") ? 0o755 : 0o644);
  }
}

/** A tree as `TempFolder.tree` shows it. */
export function shown(files: Tree): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([key, text]) => [key, Buffer.from(text).toString("latin1")]),
  );
}

/** The patch that real git writes between two trees. */
export function gitDiff(before: Tree, after: Tree, options: readonly string[]): string {
  using folder = new TempFolder();
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: folder.path, env: ENVIRONMENT, encoding: "utf8" });
  git("init", "-q", "repo");
  const inRepo = (...args: string[]) => git(`--git-dir=${folder.at("repo/.git")}`, ...args);
  const store = (files: Tree) => {
    using work = new TempFolder();
    plant(work, files);
    inRepo(`--work-tree=${work.path}`, "add", "-A");
    return inRepo("write-tree").trim();
  };
  return inRepo("diff", "--no-color", "--no-ext-diff", ...options, store(before), store(after));
}

/** What real git makes of a patch: the tree afterwards, or `undefined` when it refuses. */
export function gitApply(before: Tree, patch: string): Record<string, string> | undefined {
  using folder = new TempFolder();
  plant(folder, before);
  const { status } = spawnSync("git", ["apply", "--unidiff-zero", "--whitespace=nowarn", "-"], {
    cwd: folder.path,
    env: { ...ENVIRONMENT, GIT_CEILING_DIRECTORIES: folder.path },
    input: patch,
  });
  return status === 0 ? folder.tree() : undefined;
}
