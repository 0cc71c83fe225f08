import { mkdirSync, readlinkSync, statSync, symlinkSync, truncateSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorkspace } from "../../../../cli/adapters/workspace.ts";
import { fsRead } from "../../../../core/actions/fs_read.ts";
import { fsWrite } from "../../../../core/actions/fs_write.ts";
import { repoApplyPatch } from "../../../../core/actions/repo_apply_patch.ts";
import type { JsonObject } from "../../../../core/encoding/mod.ts";
import type { Claim } from "../../../../core/model/mod.ts";
import type { Workspace } from "../../../../core/ports/mod.ts";
import { outcomeOf, perform, type Performed } from "../../../support/perform.ts";
import { TempFolder } from "../../../support/temp_folder.ts";

let folder: TempFolder;
let workspace: Workspace;

beforeEach(async () => {
  folder = new TempFolder();
  folder.write("kept.yaml", "kept");
  workspace = await openWorkspace(folder.path, { protectedPaths: [folder.at("kept.yaml")] });
});

afterEach(async () => {
  await workspace.close();
  folder[Symbol.dispose]();
});

function read(path: string, params: JsonObject = {}, maxBytes?: number): Promise<Performed> {
  const world = { workspace, ...(maxBytes === undefined ? {} : { maxBytes }) };
  return perform(fsRead, { resource: `file://workspace/${path}`, params }, world);
}

function write(path: string, params: JsonObject): Promise<Performed> {
  return perform(fsWrite, { resource: `file://workspace/${path}`, params }, { workspace });
}

function patch(params: JsonObject, resource = "repo://org/repo"): Promise<Performed> {
  return perform(repoApplyPatch, { resource, params }, { workspace });
}

const told = (claims: readonly Claim[]) =>
  claims.map(({ type, resource, mode }) =>
    `${mode} ${type} ${resource.replace("file://workspace/", "")}`
  );

const metaOf = (done: Performed) =>
  done.result?.ok ? done.result.value.meta : done.result?.reason.code;

describe("fs.read", () => {
  it("gives the text of a file", async () => {
    folder.write("f", "one\r\ntwo\n");
    const done = await read("f");
    expect(outcomeOf(done)).toBe("one\r\ntwo\n");
    expect(done.foundClaims).toEqual([]);
  });

  const lines = "1\n2\n3\n4";
  for (
    const [params, wish] of [
      [{ offset_line: 1 }, lines],
      [{ offset_line: 3 }, "3\n4"],
      [{ offset_line: 4, limit_lines: 1 }, "4"],
      [{ offset_line: 5 }, ""],
      [{ offset_line: 99 }, ""],
      [{ limit_lines: 2 }, "1\n2\n"],
      [{ limit_lines: 9 }, lines],
      [{ offset_line: 2, limit_lines: 2 }, "2\n3\n"],
    ] as const
  ) {
    it(`gives the lines that ${JSON.stringify(params)} names, and says nothing was cut`, async () => {
      folder.write("f", lines);
      const done = await read("f", params);
      expect(outcomeOf(done)).toBe(wish);
      expect(done.result?.ok && done.result.value.streams.output?.cut).toBe(false);
    });
  }

  it("counts lines the same across the borders of what is read at once", async () => {
    const text = Array.from({ length: 60_000 }, (_, i) => `line ${i + 1}\n`).join("");
    folder.write("f", text);
    expect(outcomeOf(await read("f", { offset_line: 45_678, limit_lines: 2 }))).toBe(
      "line 45678\nline 45679\n",
    );
    expect(outcomeOf(await read("f", { offset_line: 60_000 }))).toBe("line 60000\n");
    expect(outcomeOf(await read("f", {}, 1_000_000))).toBe(text);
  });

  it("keeps the cap and 64 KiB behind it, and says when it cut", async () => {
    for (
      const [size, kept, cut] of [
        [65_536, 65_536, false],
        [65_546, 65_546, false],
        [65_547, 65_546, true],
        [900_000, 65_546, true],
      ] as const
    ) {
      folder.write("f", "x".repeat(size));
      const done = await read("f", {}, 10);
      const output = done.result?.ok ? done.result.value.streams.output : undefined;
      expect([output?.text.length, output?.cut]).toEqual([kept, cut]);
    }
  });

  it("never cuts a character in half, and shows bytes that are not UTF-8 as U+FFFD", async () => {
    folder.write("f", `${"x".repeat(65_545)}€uro`);
    expect(outcomeOf(await read("f", {}, 10))).toBe("x".repeat(65_545));
    folder.write("g", Uint8Array.of(0x61, 0xff, 0x62, 0xe2, 0x82));
    expect(outcomeOf(await read("g"))).toBe("a\ufffdb\ufffd");
    folder.write("h", "\ufeffbom");
    expect(outcomeOf(await read("h"))).toBe("\ufeffbom");
  });

  it("asks policy about the file that a symlink leads to", async () => {
    folder.write("d/real", "x");
    symlinkSync("d", folder.at("link"));
    const done = await read("link/real");
    expect(told(done.foundClaims)).toEqual(["required fs.read d/real"]);
    expect(done.result?.ok && done.result.value.metadata).toEqual({
      resolved_resource: "file://workspace/d/real",
    });
  });

  it("asks about the name in NFC, as rules are written", async () => {
    folder.write("e\u0301", "x");
    symlinkSync("e\u0301", folder.at("link"));
    expect(told((await read("link")).foundClaims)).toEqual(["required fs.read \u00e9"]);
  });

  it("refuses what a symlink leads to when no rule can speak of it", async () => {
    for (const name of ["back\\slash", "colon:s", "dot.", "new\nline", "con"]) {
      folder.write(name, "x");
      symlinkSync(name, folder.at(`link-${name.length}`));
      expect(outcomeOf(await read(`link-${name.length}`))).toBe("invalid_resource");
    }
  });

  it("says why there is no file", async () => {
    mkdirSync(folder.at("d"));
    expect(outcomeOf(await read("none"))).toBe("not_found");
    expect(outcomeOf(await read("d"))).toBe("does_not_fit");
    expect(outcomeOf(await read("kept.yaml"))).toBe("protected_path");
    expect(outcomeOf(await read("kept.yaml/x"))).toBe("protected_path");
  });
});

describe("fs.write", () => {
  it("creates and replaces a file, and says how many bytes it wrote", async () => {
    const first = await write("a/b/f", { content: "ä" });
    expect(metaOf(first)).toEqual({ bytes_written: 2 });
    expect(first.result?.ok && first.result.value.metadata).toEqual({ created: true });
    const second = await write("a/b/f", { content: "" });
    expect(metaOf(second)).toEqual({ bytes_written: 0 });
    expect(second.result?.ok && second.result.value.metadata).toEqual({ created: false });
    expect(folder.read("a/b/f")).toBe("");
  });

  it("writes bytes given as base64", async () => {
    await write("f", { content: "AP/+", encoding: "base64" });
    expect(folder.tree()["f"]).toBe("\u0000\u00ff\u00fe");
  });

  it("asks policy about the file that a symlink leads to, existing or not", async () => {
    symlinkSync("d/new", folder.at("link"));
    const done = await write("link", { content: "x" });
    expect(told(done.foundClaims)).toEqual(["required fs.write d/new"]);
    expect(folder.read("d/new")).toBe("x");
    expect(readlinkSync(folder.at("link"))).toBe("d/new");
  });

  it("refuses protected files and leaves them", async () => {
    symlinkSync("kept.yaml", folder.at("link"));
    expect(outcomeOf(await write("kept.yaml", { content: "x" }))).toBe("protected_path");
    expect(outcomeOf(await write("link", { content: "x" }))).toBe("protected_path");
    expect(folder.read("kept.yaml")).toBe("kept");
  });
});

describe("repo.apply_patch", () => {
  const HUNK = "@@ -1 +1 @@\n-old\n+new\n";

  it("replaces one file", async () => {
    expect(metaOf(await patch({ path: "d\\f", content: "x" }))).toEqual({ bytes_written: 1 });
    expect(folder.read("d/f")).toBe("x");
  });

  it("creates, changes, renames and deletes in one go", async () => {
    folder.write("change", "old\n", 0o640);
    folder.write("gone", "old\n");
    folder.write("from", "old\n", 0o755);
    const done = await patch({
      patch: [
        `--- a/change\n+++ b/change\n${HUNK}`,
        "--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n",
        "diff --git a/made b/made\nnew file mode 100755\n--- /dev/null\n+++ b/made\n@@ -0,0 +1 @@\n+new\n",
        `diff --git a/from b/d/to\nrename from from\nrename to d/to\n--- a/from\n+++ b/d/to\n${HUNK}`,
      ].join(""),
    });
    expect(metaOf(done)).toEqual({ bytes_written: 12 });
    expect(done.result?.ok && done.result.value.metadata).toEqual({
      files: [
        { change: "modify", path: "change" },
        { change: "delete", path: "gone" },
        { change: "create", path: "made" },
        { change: "rename", path: "d/to", from: "from" },
      ],
    });
    expect(folder.tree()).toEqual({
      change: "new\n",
      "made*": "new\n",
      "d/to*": "new\n",
      "kept.yaml": "kept",
    });
    expect(statSync(folder.at("change")).mode & 0o777).toBe(0o640);
    expect(statSync(folder.at("made")).mode & 0o777).toBe(0o700);
  });

  it("sets and clears the executable bit for those who may read", async () => {
    folder.write("f", "x", 0o644);
    await patch({ patch: "diff --git a/f b/f\nold mode 100644\nnew mode 100755\n" });
    expect(statSync(folder.at("f")).mode & 0o777).toBe(0o755);
    await patch({ patch: "diff --git a/f b/f\nold mode 100755\nnew mode 100644\n" });
    expect(statSync(folder.at("f")).mode & 0o777).toBe(0o644);
  });

  const one = `--- a/f\n+++ b/f\n${HUNK}`;
  const renamed = "diff --git a/f b/g\nrename from f\nrename to g\n";
  for (
    const [what, params, resource, wish] of [
      ["a file of a repository", { patch: one }, "repo://o/r", [
        "covered repo.apply_patch f",
        "deny_only fs.write f",
      ]],
      ["the resource's own file", { patch: one }, "file://workspace/f", ["deny_only fs.write f"]],
      ["another file than the resource's", { patch: one }, "file://workspace/g", [
        "required repo.apply_patch f",
        "deny_only fs.write f",
      ]],
      ["a replaced file", { path: "f", content: "" }, "file://workspace/g", [
        "required repo.apply_patch f",
        "deny_only fs.write f",
      ]],
      ["a renamed file", { patch: renamed }, "repo://o/r", [
        "covered repo.apply_patch f",
        "deny_only fs.write f",
        "deny_only fs.read f",
        "covered repo.apply_patch g",
        "deny_only fs.write g",
      ]],
      ["a deleted file", { patch: "--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n" }, "repo://o/r", [
        "covered repo.apply_patch f",
        "deny_only fs.write f",
      ]],
    ] as const
  ) {
    it(`asks policy about ${what}`, async () => {
      expect(told((await patch(params, resource)).claims)).toEqual(wish);
    });
  }

  it("asks policy about files that symlinks lead to, under their real names too", async () => {
    folder.write("real/f", "old\n");
    symlinkSync("real", folder.at("link"));
    symlinkSync("real/f", folder.at("alias"));
    const done = await patch(
      { patch: `--- a/alias\n+++ b/alias\n${HUNK}` },
      "file://workspace/alias",
    );
    expect(told(done.foundClaims)).toEqual([
      "required repo.apply_patch real/f",
      "deny_only fs.write real/f",
    ]);
    expect(folder.read("real/f")).toBe("new\n");
    const moved = await patch({
      patch: "diff --git a/link/f b/g\nrename from link/f\nrename to g\n",
    });
    expect(told(moved.foundClaims)).toEqual([
      "covered repo.apply_patch real/f",
      "deny_only fs.write real/f",
      "deny_only fs.read real/f",
    ]);
  });

  const refused: readonly (readonly [string, string, string])[] = [
    [
      "one file does not fit",
      `${one}--- a/other\n+++ b/other\n@@ -1 +1 @@\n-else\n+new\n`,
      "does_not_fit",
    ],
    ["one file is missing", `${one}--- a/none\n+++ b/none\n${HUNK}`, "not_found"],
    ["one file is protected", `${one}--- a/kept.yaml\n+++ b/kept.yaml\n${HUNK}`, "protected_path"],
    [
      "one file is Nomos's own",
      `${one}--- /dev/null\n+++ b/.nomos-commit-0\n@@ -0,0 +1 @@\n+x\n`,
      "protected_path",
    ],
    ["one file leaves the workspace", `${one}--- a/out\n+++ b/out\n${HUNK}`, "invalid_resource"],
    [
      "a created file exists",
      `${one}--- /dev/null\n+++ b/other\n@@ -0,0 +1 @@\n+x\n`,
      "does_not_fit",
    ],
    [
      "a created file is a dangling symlink",
      `${one}--- /dev/null\n+++ b/dangling\n@@ -0,0 +1 @@\n+x\n`,
      "does_not_fit",
    ],
    [
      "a rename's target exists",
      `${one}diff --git a/other b/third\nrename from other\nrename to third\n`,
      "does_not_fit",
    ],
    [
      "a deleted file holds more",
      `${one}--- a/other\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n`,
      "does_not_fit",
    ],
    [
      "a deleted file is a symlink",
      `${one}--- a/alias\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n`,
      "does_not_fit",
    ],
    [
      "a renamed file is a symlink",
      `${one}diff --git a/alias b/x\nrename from alias\nrename to x\n`,
      "does_not_fit",
    ],
    ["two names are one file", `${one}--- a/alias\n+++ b/alias\n${HUNK}`, "does_not_fit"],
    [
      "a file is to be a folder",
      `${one}--- /dev/null\n+++ b/other/x\n@@ -0,0 +1 @@\n+x\n`,
      "not_found",
    ],
  ];
  for (const [what, text, wish] of refused) {
    it(`changes nothing when ${what}`, async () => {
      folder.write("f", "old\n");
      folder.write("other", "old\nmore\n");
      folder.write("third", "old\n");
      symlinkSync("f", folder.at("alias"));
      symlinkSync("nothing", folder.at("dangling"));
      symlinkSync("../out", folder.at("out"));
      const before = folder.tree();
      expect(outcomeOf(await patch({ patch: text }))).toBe(wish);
      expect(folder.tree()).toEqual(before);
    });
  }

  it("shows nothing of a file that a patch does not fit", async () => {
    folder.write("f", "TOP SECRET\n");
    const done = await patch({ patch: one });
    expect(done.result?.ok).toBe(false);
    expect(JSON.stringify(done.result)).not.toContain("SECRET");
    expect(JSON.stringify(done.result)).toContain(
      "line 4 of the patch does not match line 1 of the file",
    );
  });

  it("does not load a file that is too large to patch", async () => {
    truncateSync(folder.write("f", ""), 17 * 1024 * 1024);
    const done = await patch({ patch: one });
    expect(JSON.stringify(done.result)).toContain("too large to patch");
  });
});
