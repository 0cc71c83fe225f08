import { mkdirSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  findProgram,
  foldersOf,
  isWithin,
  refuseStart,
} from "../../../../../cli/adapters/processes/find_program.ts";
import { TempFolder } from "../../../../support/temp_folder.ts";

let folder: TempFolder;

beforeEach(() => {
  folder = new TempFolder();
  mkdirSync(folder.at("ws"));
});

afterEach(() => {
  folder[Symbol.dispose]();
});

/** Looks a name up; answers the path found, relative to the test's folder, or the refusal's code. */
function find(name: string, path: readonly string[], named = false): string {
  const found = findProgram(name, {
    path: path.map((part) => part.startsWith("/") || part === "" ? part : folder.at(part)).join(
      ":",
    ),
    workspace: folder.at("ws"),
    cwd: folder.at("ws"),
    named,
  });
  return found.ok ? found.value.path.replace(`${folder.path}/`, "") : found.reason.code;
}

describe("finding a program", () => {
  it("takes the first executable file on PATH, and passes over what is none", () => {
    folder.write("a/tool", "", 0o644);
    mkdirSync(folder.at("b/tool"), { recursive: true });
    folder.write("c/tool", "", 0o755);
    folder.write("d/tool", "", 0o755);
    expect(find("tool", ["", "missing", "a", "b", "c", "d"])).toBe("c/tool");
    expect(find("tool", ["a", "b"])).toBe("not_found");
  });

  it("keeps the name by which it was found, since programs look at it", () => {
    folder.write("real/busybox", "", 0o755);
    mkdirSync(folder.at("bin"));
    symlinkSync("../real/busybox", folder.at("bin/ls"));
    expect(find("ls", ["bin"])).toBe("bin/ls");
  });

  it("goes on behind one in the workspace", () => {
    folder.write("ws/tool", "", 0o755);
    folder.write("bin/tool", "", 0o755);
    expect(find("tool", ["ws", "bin"])).toBe("bin/tool");
    expect(find("tool", ["ws"])).toBe("exec_not_allowlisted");
    expect(find("tool", ["ws"], true)).toBe("exec_not_allowlisted");
  });

  it("is not led into the workspace by a symlink of any kind", () => {
    folder.write("ws/tool", "", 0o755);
    folder.write("real/tool", "", 0o755);
    mkdirSync(folder.at("bin"));
    symlinkSync("../ws/tool", folder.at("bin/direct"));
    symlinkSync("direct", folder.at("bin/twice"));
    symlinkSync(folder.at("real/tool"), folder.at("ws/through"));
    symlinkSync("../ws/through", folder.at("bin/through"));
    symlinkSync("ws", folder.at("folder"));
    symlinkSync("../real", folder.at("ws/out"));
    symlinkSync("ws/out", folder.at("around"));
    symlinkSync("loop", folder.at("bin/loop"));
    for (const name of ["direct", "twice", "through"]) {
      expect(find(name, ["bin"]), name).toBe("exec_not_allowlisted");
    }
    for (const path of ["folder", "ws/out", "around"]) {
      expect(find("tool", [path]), path).toBe("exec_not_allowlisted");
    }
    expect(find("tool", ["bin/../real"])).toBe("real/tool");
    expect(find("loop", ["bin"])).toBe("not_found");
  });

  it("takes a path from the working folder, in the workspace only when it is named", () => {
    folder.write("ws/tool", "", 0o755);
    folder.write("out/tool", "", 0o755);
    symlinkSync("../out/tool", folder.at("ws/link"));
    for (const name of ["./tool", folder.at("ws/tool"), "./link", "../out/../ws/tool"]) {
      expect(find(name, []), name).toBe("exec_not_allowlisted");
    }
    expect(find("./tool", [], true)).toBe("ws/tool");
    expect(find("../out/tool", [])).toBe("out/tool");
  });

  it("tells what is missing and what cannot be executed", () => {
    folder.write("ws/plain", "");
    expect(find("./missing", [], true)).toBe("not_found");
    expect(find("./plain", [], true)).toBe("does_not_fit");
    expect(find("../ws", [], true)).toBe("does_not_fit");
    expect(find("tool/", [], true)).toBe("not_found");
    symlinkSync("loop", folder.at("ws/loop"));
    for (const name of [`./${"a".repeat(300)}`, `./${"a/".repeat(3000)}b`, "./loop"]) {
      expect(find(name, []), name.slice(0, 20)).toBe("not_found");
      expect(find(name, [], true), name.slice(0, 20)).toBe("not_found");
    }
  });
});

it("only absolute folders of a PATH count", () => {
  expect(foldersOf("/a::.:b:/c:~/d")).toEqual(["/a", "/c"]);
});

it("a folder holds itself and what is below, and nothing that only begins alike", () => {
  expect(isWithin("/a/b", "/a/b")).toBe(true);
  expect(isWithin("/a/b", "/a/b/c")).toBe(true);
  expect(isWithin("/a/b", "/a/b/..c")).toBe(true);
  expect(isWithin("/a/b", "/a/bc")).toBe(false);
  expect(isWithin("/a/b", "/a")).toBe(false);
  expect(isWithin("/", "/a")).toBe(true);
});

describe("the error of a start", () => {
  it("becomes a refusal that names the program", () => {
    const error = Object.assign(new Error("spawn"), { code: "EAGAIN" });
    const refusal = refuseStart("tool", error);
    expect(refusal.code).toBe("execution_error");
    expect(refusal.message).toContain('"tool"');
    const other = Object.assign(new Error("spawn"), { code: "EODD" });
    expect(refuseStart("tool", other).message).toContain("EODD");
  });

  it("stays a fault when it is not the system's", () => {
    expect(() => refuseStart("tool", new TypeError("bug"))).toThrow("bug");
  });
});
