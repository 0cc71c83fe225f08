import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { openWorkspace } from "../../../../../cli/adapters/workspace.ts";
import { FaultyFs } from "../../../../support/faulty_fs.ts";
import { must } from "../../../../support/perform.ts";
import { TempFolder } from "../../../../support/temp_folder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function write(
  folder: TempFolder,
  path: string,
  options: { content?: Uint8Array; meanwhile?: () => void; protectedPaths?: string[] } = {},
): Promise<string> {
  const { content = bytes("new"), meanwhile = () => {}, protectedPaths = [] } = options;
  const workspace = await openWorkspace(folder.path, { protectedPaths });
  const held = must(await workspace.hold(path, "write"));
  meanwhile();
  const result = await held.replace(content);
  await held.release();
  await workspace.close();
  return result.ok ? `${result.value.bytesWritten} bytes` : result.reason.code;
}

describe("replacing a file", () => {
  it("keeps the mode of an existing file, without bits that grant rights", async () => {
    using folder = new TempFolder();
    folder.write("f", "old", 0o4755);
    expect(await write(folder, "f")).toBe("3 bytes");
    expect(statSync(folder.at("f")).mode & 0o7777).toBe(0o755);
    expect(folder.tree()).toEqual({ "f*": "new" });
  });

  it("gives a new file 0600 and new folders 0700, whatever the umask says", async () => {
    using folder = new TempFolder();
    const before = process.umask(0);
    try {
      expect(await write(folder, "a/b/f")).toBe("3 bytes");
    } finally {
      process.umask(before);
    }
    expect(statSync(folder.at("a/b/f")).mode & 0o777).toBe(0o600);
    expect(statSync(folder.at("a/b")).mode & 0o777).toBe(0o700);
  });

  it("writes through a symlink and leaves the symlink what it was", async () => {
    using folder = new TempFolder();
    folder.write("d/real", "old");
    symlinkSync("d/real", folder.at("link"));
    expect(await write(folder, "link")).toBe("3 bytes");
    expect(folder.tree()).toEqual({ "d/real": "new", link: "(special)" });
  });

  it("breaks hard links instead of changing the file under its other name", async () => {
    using folder = new TempFolder();
    folder.write("f", "old");
    fs.linkSync(folder.at("f"), folder.at("other"));
    expect(await write(folder, "f")).toBe("3 bytes");
    expect(folder.tree()).toEqual({ f: "new", other: "old" });
  });

  it("writes megabytes and nothing at all", async () => {
    using folder = new TempFolder();
    const large = new Uint8Array(3_000_000).map((_, i) => i % 251);
    expect(await write(folder, "large", { content: large })).toBe("3000000 bytes");
    expect(Buffer.compare(readFileSync(folder.at("large")), large)).toBe(0);
    expect(await write(folder, "large", { content: new Uint8Array(0) })).toBe("0 bytes");
    expect(folder.tree()).toEqual({ large: "" });
  });

  it("leaves the old or the new file, whole, when any one call to the system fails", async () => {
    for (const [path, old] of [["f", { f: "old" }], ["n/m/f", {}]] as const) {
      let refused = 0;
      for (let failAt = 1;; failAt++) {
        using folder = new TempFolder();
        if (path === "f") folder.write("f", "old");
        const faults = new FaultyFs(failAt, { once: true });
        const outcome = await write(folder, path).catch(() => "fault");
        faults[Symbol.dispose]();
        const tree = Object.fromEntries(
          Object.entries(folder.tree()).filter(([name]) => !name.includes(".nomos-")),
        );
        if (outcome === "3 bytes") expect(tree).toEqual({ [path]: "new" });
        else {
          refused++;
          expect([old, { [path]: "new" }]).toContainEqual(tree);
        }
        if (faults.calls < failAt) break;
      }
      expect(refused).toBeGreaterThan(5);
    }
  });

  it("leaves nothing that the next start does not remove, wherever it died", async () => {
    let removed = 0;
    for (let failAt = 1;; failAt++) {
      using folder = new TempFolder();
      folder.write("f", "old");
      const death = new FaultyFs(failAt, { once: false });
      await write(folder, "f").catch(() => {});
      death[Symbol.dispose]();
      for (const name of Object.keys(folder.tree()).filter((key) => key.includes("-journal-"))) {
        const text = readFileSync(folder.at(name), "utf8");
        writeFileSync(folder.at(name), text.replace(/"start":"\d+"/, '"start":"1"'));
      }
      const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
      removed += workspace.recovery.removed;
      await workspace.close();
      expect([{ f: "old" }, { f: "new" }]).toContainEqual(folder.tree());
      if (death.calls < failAt) break;
    }
    expect(removed).toBeGreaterThan(3);
  });

  it("goes on where no journal can be written", async () => {
    using folder = new TempFolder();
    folder.write("d/f", "old");
    const faults = new FaultyFs(1, { once: true, code: "EACCES" });
    const outcome = await write(folder, "d/f");
    faults[Symbol.dispose]();
    expect(outcome).toBe("3 bytes");
    expect(folder.tree()).toEqual({ "d/f": "new" });
  });

  it("says what the system said", async () => {
    for (const code of ["ENOSPC", "EDQUOT", "EIO"]) {
      using folder = new TempFolder();
      // The third call writes the journal.
      const faults = new FaultyFs(3, { once: true, code });
      expect(await write(folder, "f")).toBe("execution_error");
      faults[Symbol.dispose]();
      expect(folder.tree()).toEqual({});
    }
  });
});

describe("what happens between holding and writing", () => {
  it("replaces a symlink that took the name and does not follow it", async () => {
    using folder = new TempFolder();
    folder.write("root/f", "old");
    folder.write("outside", "kept");
    using root = new TempFolder(folder.at("root"));
    const meanwhile = () => {
      fs.unlinkSync(root.at("f"));
      symlinkSync("../outside", root.at("f"));
    };
    expect(await write(root, "f", { meanwhile })).toBe("3 bytes");
    expect(folder.tree()).toEqual({ outside: "kept", "root/f": "new" });
  });

  it("refuses when the folder was moved, and when it was deleted", async () => {
    using folder = new TempFolder();
    folder.write("root/d/f", "old");
    using root = new TempFolder(folder.at("root"));
    const meanwhile = () => renameSync(root.at("d"), folder.at("elsewhere"));
    expect(await write(root, "d/f", { meanwhile })).toBe("execution_error");
    expect(folder.tree()).toEqual({ "elsewhere/f": "old" });
    mkdirSync(root.at("e"));
    expect(await write(root, "e/f", { meanwhile: () => fs.rmdirSync(root.at("e")) })).toBe(
      "not_found",
    );
  });

  it("refuses when a folder took the name", async () => {
    using folder = new TempFolder();
    expect(await write(folder, "f", { meanwhile: () => mkdirSync(folder.at("f")) })).toBe(
      "does_not_fit",
    );
  });

  it("refuses when a protected file took the name", async () => {
    using folder = new TempFolder();
    const kept = folder.write("kept", "kept");
    const meanwhile = () => renameSync(kept, folder.at("f"));
    const outcome = await write(folder, "f", { meanwhile, protectedPaths: [kept] });
    expect([outcome, folder.read("f")]).toEqual(["3 bytes", "new"]);
    fs.linkSync(folder.write("kept2", "kept"), folder.at("g"));
    fs.unlinkSync(folder.at("g"));
    expect(
      await write(folder, "g", {
        meanwhile: () => fs.linkSync(folder.at("kept2"), folder.at("g")),
        protectedPaths: [folder.at("kept2")],
      }),
    ).toBe("protected_path");
    expect(folder.read("g")).toBe("kept");
  });

  it("goes on when the root itself was moved", async () => {
    using folder = new TempFolder();
    folder.write("root/d/f", "old");
    using root = new TempFolder(folder.at("root"));
    const meanwhile = () => renameSync(root.path, folder.at("moved"));
    expect(await write(root, "d/f", { meanwhile })).toBe("3 bytes");
    expect(folder.tree()).toEqual({ "moved/d/f": "new" });
  });

  it("notices a folder it may not enter", async () => {
    if (process.getuid?.() === 0) return; // Root may enter everything.
    using folder = new TempFolder();
    folder.write("d/f", "old");
    chmodSync(folder.at("d"), 0o000);
    const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
    const held = await workspace.hold("d/f", "read");
    chmodSync(folder.at("d"), 0o755);
    await workspace.close();
    expect(held.ok ? "held" : held.reason.code).toBe("execution_error");
  });
});
