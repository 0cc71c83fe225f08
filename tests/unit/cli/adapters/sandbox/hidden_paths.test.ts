import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { privatePaths, protectedPlaces } from "../../../../../cli/adapters/sandbox/hidden_paths.ts";
import { splitLoaderVariables } from "../../../../../cli/adapters/sandbox/loader_variables.ts";
import { TempFolder } from "../../../../support/temp_folder.ts";

let folder: TempFolder;

beforeEach(() => {
  folder = new TempFolder();
});

afterEach(() => {
  folder[Symbol.dispose]();
});

const short = (path: string) => path.replace(`${folder.path}/`, "");

describe("files of the system that are not for everybody", () => {
  it("are those others may not read, and the folders others may not look into", () => {
    folder.write("etc/passwd", "", 0o644);
    folder.write("etc/shadow", "", 0o640);
    folder.write("etc/ssh/key", "", 0o600);
    folder.write("etc/ssh/key.pub", "", 0o644);
    folder.write("etc/private/inner", "", 0o644);
    folder.write("etc/listed/inner", "", 0o644);
    chmodSync(folder.at("etc/private"), 0o700);
    chmodSync(folder.at("etc/listed"), 0o754);
    symlinkSync("shadow", folder.at("etc/link"));
    const found = privatePaths(folder.at("etc")).map(({ path, kind }) => `${kind} ${short(path)}`);
    expect(found.sort()).toEqual([
      "file etc/shadow",
      "file etc/ssh/key",
      "folder etc/listed",
      "folder etc/private",
    ]);
  });

  it("are none where there is no folder", () => {
    expect(privatePaths(folder.at("missing"))).toEqual([]);
  });
});

describe("protected files in a workspace", () => {
  function places(...paths: string[]): { hidden: string[]; pinned: string[] } {
    const found = protectedPlaces(folder.at("ws"), paths);
    return {
      hidden: found.hidden.map(({ path, kind }) => `${kind} ${short(path)}`),
      pinned: found.pinned.map(short),
    };
  }

  it("are hidden where they exist, and the folders above them are pinned", () => {
    folder.write("ws/nomos.yaml", "");
    folder.write("ws/a/b/pins", "");
    mkdirSync(folder.at("ws/a/spool"));
    folder.write("elsewhere", "");
    const all = ["ws/nomos.yaml", "ws/a/b/pins", "ws/a/spool", "elsewhere", "ws/missing", "ws"];
    expect(places(...all.map((path) => folder.at(path)))).toEqual({
      hidden: ["file ws/nomos.yaml", "file ws/a/b/pins", "folder ws/a/spool"],
      pinned: ["ws/a", "ws/a/b"],
    });
  });

  it("are the real ones behind symlinks", () => {
    folder.write("ws/real/store", "");
    symlinkSync("real", folder.at("ws/link"));
    expect(places(folder.at("ws/link/store"))).toEqual({
      hidden: ["file ws/real/store"],
      pinned: ["ws/real"],
    });
  });

  it("are also those that a database would take for its own, before they exist", () => {
    folder.write("ws/s/audit.db", "");
    const beside = ["-wal", "-journal", "-shm", ".lock"].map((end) =>
      folder.at(`ws/s/audit.db${end}`)
    );
    expect(places(...beside, folder.at("ws/s/other.db-journal"))).toEqual({
      hidden: ["file ws/s/audit.db-wal", "file ws/s/audit.db-journal", "file ws/s/audit.db-shm"],
      pinned: ["ws/s"],
    });
  });
});

it("variables that load code are kept from the program that confines", () => {
  const env = { PATH: "/bin", LD_PRELOAD: "x", LD_LIBRARY_PATH: "y", TOKEN: "t", DYLD_X: "z" };
  expect(splitLoaderVariables(env)).toEqual({
    outside: { PATH: "/bin", TOKEN: "t" },
    inside: { LD_PRELOAD: "x", LD_LIBRARY_PATH: "y", DYLD_X: "z" },
  });
});
