import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { denoFiles, nodeFiles } from "../../../../cli/adapters/files.ts";
import { systemPaths } from "../../../../cli/adapters/files/paths.ts";
import type { FileError } from "../../../../core/ports/mod.ts";
import { TempFolder } from "../../../support/temp_folder.ts";

function folder(): TempFolder {
  const made = new TempFolder();
  onTestFinished(() => made[Symbol.dispose]());
  return made;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "no error",
    (error: FileError) => error.name === "FileError" ? error.code : `not a FileError: ${error}`,
  );
}

describe.each([["Deno", denoFiles], ["Node", nodeFiles]])("files through %s", (_, open) => {
  const files = open();

  it("read what is there, whole and in pieces", async () => {
    const temp = folder();
    const long = "x".repeat(200_000);
    const path = temp.write("a", long);
    expect(text(await files.read(path))).toBe(long);
    const pieces: string[] = [];
    for await (const piece of files.stream(path)) pieces.push(text(piece));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe(long);
  });

  it("may be left in the middle of a stream", async () => {
    const path = folder().write("a", "x".repeat(200_000));
    for await (const piece of files.stream(path)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
  });

  it("write a new file for the owner alone, or with the mode that is asked for", async () => {
    const temp = folder();
    await files.write(temp.at("a"), bytes("one"));
    await files.write(temp.at("b"), bytes("two"), { mode: 0o644 });
    expect(temp.read("a")).toBe("one");
    expect(statSync(temp.at("a")).mode & 0o777).toBe(0o600);
    expect(statSync(temp.at("b")).mode & 0o777).toBe(0o644);
  });

  it("keep the mode of a file that they replace, and leave nothing else behind", async () => {
    const temp = folder();
    const path = temp.write("a", "old", 0o640);
    await files.write(path, bytes("new"));
    expect(temp.read("a")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(await files.list(temp.path)).toEqual(["a"]);
  });

  it("replace what a symlink points to, not the symlink", async () => {
    const temp = folder();
    temp.write("sub/real", "old");
    symlinkSync("sub/real", temp.at("link"));
    await files.write(temp.at("link"), bytes("new"));
    expect(temp.read("sub/real")).toBe("new");
    expect((await files.stat(temp.at("link")))?.kind).toBe("symlink");
  });

  it("make a file where a symlink leads nowhere", async () => {
    const temp = folder();
    symlinkSync("nowhere/at/all", temp.at("link"));
    await files.write(temp.at("link"), bytes("new"));
    expect(temp.read("link")).toBe("new");
  });

  it("leave the old file whole when the new one cannot take its place", async () => {
    const temp = folder();
    mkdirSync(temp.at("a/b"), { recursive: true });
    expect(await codeOf(files.write(temp.at("a"), bytes("x")))).not.toBe("no error");
    expect(await files.list(temp.path)).toEqual(["a"]);
    expect(await files.list(temp.at("a"))).toEqual(["b"]);
  });

  it("tell files, folders, symlinks and what is neither apart", async () => {
    const temp = folder();
    temp.write("a", "12345");
    symlinkSync("a", temp.at("link"));
    expect(await files.stat(temp.at("a"))).toMatchObject({ kind: "file", size: 5 });
    expect((await files.stat(temp.path))?.kind).toBe("directory");
    expect((await files.stat(temp.at("link")))?.kind).toBe("symlink");
    expect((await files.stat(temp.at("link"), { follow: true }))?.kind).toBe("file");
    expect((await files.stat("/dev/null"))?.kind).toBe("other");
    expect(await files.stat(temp.at("none"))).toBeUndefined();
    expect(await files.stat(temp.at("a/below"))).toBeUndefined();
  });

  it("know a file by its identity, whatever its name", async () => {
    const temp = folder();
    const path = temp.write("a", "x");
    symlinkSync("a", temp.at("link"));
    const identity = (await files.stat(path))?.identity;
    expect(identity).toMatch(/^[0-9]+:[0-9]+$/);
    const { dev, ino } = statSync(path, { bigint: true });
    expect(identity).toBe(`${dev}:${ino}`);
    expect((await files.stat(temp.at("link"), { follow: true }))?.identity).toBe(identity);
    expect((await files.stat(temp.at("link")))?.identity).not.toBe(identity);
  });

  it("tell modes and times", async () => {
    const path = folder().write("a", "x", 0o604);
    const stat = await files.stat(path);
    expect(stat?.mode).toBe(0o604);
    expect(Math.abs((stat?.modifiedMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it("list names in order, and resolve symlinks", async () => {
    const temp = folder();
    for (const name of ["b", "a", "c"]) writeFileSync(temp.at(name), "");
    expect(await files.list(temp.path)).toEqual(["a", "b", "c"]);
    symlinkSync("a", temp.at("link"));
    expect(await files.realPath(temp.at("link"))).toBe(await files.realPath(temp.at("a")));
  });

  it("remove a file", async () => {
    const temp = folder();
    const path = temp.write("a", "x");
    await files.remove(path);
    expect(await files.stat(path)).toBeUndefined();
  });

  it("fail with a code that callers can tell apart", async () => {
    const temp = folder();
    const missing = temp.at("none");
    expect(await codeOf(files.read(missing))).toBe("not_found");
    expect(await codeOf(files.read(temp.path))).toBe("not_a_file");
    expect(await codeOf(files.write(temp.at("none/a"), bytes("")))).toBe("not_found");
    expect(await codeOf(files.list(missing))).toBe("not_found");
    expect(await codeOf(files.realPath(missing))).toBe("not_found");
    expect(await codeOf(files.remove(missing))).toBe("not_found");
    const streamed = async () => {
      for await (const _ of files.stream(missing)) throw new Error("nothing was expected");
    };
    expect(await codeOf(streamed())).toBe("not_found");
  });

  it("do not change the error of whoever reads a stream", async () => {
    const path = folder().write("a", "x");
    const mine = new Error("mine");
    const reading = async () => {
      for await (const _ of files.stream(path)) throw mine;
    };
    await expect(reading()).rejects.toBe(mine);
  });
});

describe("paths", () => {
  const { resolve, dirname } = systemPaths("/work/dir", false);

  it.each([
    ["/etc/nomos", "a/b", "/etc/nomos/a/b"],
    ["/etc/nomos", "../x", "/etc/x"],
    ["/etc/nomos", "../../../../x", "/x"],
    ["/etc/nomos/", "./a//b/", "/etc/nomos/a/b"],
    ["/etc/nomos", "/abs/./y/..", "/abs"],
    ["sub", "x", "/work/dir/sub/x"],
    ["", "x", "/work/dir/x"],
    ["/", "..", "/"],
    ["/a", "", "/a"],
    ["/a", "b\\c", "/a/b\\c"],
  ])("from %s to %j is %s", (base, path, expected) => {
    expect(resolve(base, path)).toBe(expected);
  });

  it.each([
    ["/a/b", "/a"],
    ["/a", "/"],
    ["/", "/"],
    ["/a/b/", "/a"],
    ["/a//b", "/a"],
    ["a", "."],
    ["a/b", "a"],
  ])("have a folder: of %s it is %s", (path, expected) => {
    expect(dirname(path)).toBe(expected);
  });

  it("follow the rules of Windows there", () => {
    const windows = systemPaths("C:\\work", true);
    expect(windows.separator).toBe("\\");
    expect(windows.resolve("C:\\etc\\nomos", "..\\a/b")).toBe("C:\\etc\\a\\b");
    expect(windows.resolve("C:\\etc", "D:\\x")).toBe("D:\\x");
    expect(windows.dirname("C:\\a\\b")).toBe("C:\\a");
  });
});
