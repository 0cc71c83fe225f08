import { describe, expect, it } from "vitest";
import { createAdapters } from "../../../../cli/adapters/mod.ts";
import { loadConfig } from "../../../../core/config/mod.ts";
import { assemble } from "../../../../core/engine/assemble.ts";
import type { Adapters } from "../../../../core/ports/mod.ts";
import { type GatewaySetup, writeSetup } from "../../../support/gateway.ts";
import { TempFolder } from "../../../support/temp_folder.ts";

/** Adapters that count what was opened and not closed again. */
function counting(change: (real: Adapters) => Partial<Adapters> = () => ({})) {
  const real = createAdapters();
  const open = { workspaces: 0, databases: 0 };
  const adapters: Adapters = {
    ...real,
    openWorkspace: async (root, options) => {
      const workspace = await real.openWorkspace(root, options);
      const close = workspace.close.bind(workspace);
      open.workspaces++;
      workspace.close = () => {
        open.workspaces--;
        return close();
      };
      return workspace;
    },
    openDatabase: async (path, options) => {
      const database = await real.openDatabase(path, options);
      const close = database.close.bind(database);
      open.databases++;
      database.close = () => {
        open.databases--;
        return close();
      };
      return database;
    },
    ...change(real),
  };
  return { adapters, open };
}

async function start(folder: TempFolder, setup: GatewaySetup, adapters: Adapters) {
  const loaded = await loadConfig({ ...adapters, path: writeSetup(folder, setup) });
  if (!loaded.ok) throw new Error("expected a config that loads");
  return await assemble(loaded.value, adapters, { engineVersion: "test", log: () => {} });
}

const APPROVALS = { approvals: { enabled: true } };

describe("a start that fails", () => {
  it("for its bundle leaves nothing open", async () => {
    using folder = new TempFolder();
    const { adapters, open } = counting();
    const rules = [{ id: "bad" }];
    const assembly = await start(folder, { rules, config: APPROVALS }, adapters);
    expect(assembly.ok).toBe(false);
    expect(open).toEqual({ workspaces: 0, databases: 0 });
  });

  it("for its store of approvals leaves nothing open", async () => {
    using folder = new TempFolder();
    const { adapters, open } = counting();
    const config = { approvals: { enabled: true, store_path: "missing/folder/approvals.db" } };
    const assembly = await start(folder, { config }, adapters);
    expect(assembly.ok).toBe(false);
    expect(open).toEqual({ workspaces: 0, databases: 0 });
  });

  it.each<[string, Partial<Adapters>]>([
    ["probing the sandbox", { probeSandbox: () => Promise.reject(new Error("broken")) }],
    ["opening processes", { openProcesses: () => Promise.reject(new Error("broken")) }],
  ])("by a fault while %s leaves nothing open", async (_, broken) => {
    using folder = new TempFolder();
    const { adapters, open } = counting(() => broken);
    const config = { ...APPROVALS, executor: { sandbox_profile: "local" } };
    await expect(start(folder, { config }, adapters)).rejects.toThrow("broken");
    expect(open).toEqual({ workspaces: 0, databases: 0 });
  });
});
