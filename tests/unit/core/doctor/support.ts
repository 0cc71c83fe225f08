import { onTestFinished } from "vitest";
import { createAdapters } from "../../../../cli/adapters/mod.ts";
import { type CheckResult, type DoctorReport, runDoctor } from "../../../../core/doctor/mod.ts";
import type { DoctorRequest } from "../../../../core/doctor/mod.ts";
import type { Adapters } from "../../../../core/ports/mod.ts";
import { TempFolder } from "../../../support/temp_folder.ts";
import { environmentOf, patched } from "../config/fixture.ts";

/** A machine on which everything works, with a policy that says little. */
const READY = {
  gateway: { listen: "127.0.0.1:0" },
  policy: { policy_bundle_path: "bundle.yaml" },
  executor: { workspace_root: "workspace", sandbox_profile: "local" },
  audit: { sink: "sqlite:audit.db" },
  mcp: { enabled: true },
  identity: {
    principal: "system",
    agent: "nomos",
    environment: "prod",
    api_keys: { "8f14e45fceea167a5a36dedd4bea2543": "system" },
    agent_secrets: { nomos: "c9f0f895fb98ab9159f51fd0297e236d" },
  },
};

const BUNDLE = `version: v1
rules:
  - id: read
    action_type: fs.read
    resource: file://workspace/**
    decision: ALLOW
`;

/** Noon of a day in 2026. */
export const NOW = Date.UTC(2026, 5, 1, 12);

/** What is different on the machine under test. */
export interface Machine {
  /** Changes to a config that is ready, or the text of the file. */
  readonly config?: unknown;
  readonly bundle?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Further files, by path from the folder of the config. */
  readonly files?: Readonly<Record<string, string>>;
  readonly adapters?: Partial<Adapters>;
  readonly now?: number;
  /** Adds to, or takes from, what the doctor is asked. */
  readonly request?: Partial<DoctorRequest>;
  /** Changes the machine once its files are there. */
  readonly prepare?: (folder: TempFolder) => void;
}

/** Lays the files of a machine into a folder of its own. */
export function install(machine: Machine): TempFolder {
  const folder = new TempFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  folder.write("workspace/README.md", "hello");
  folder.write("bundle.yaml", machine.bundle ?? BUNDLE);
  const config = typeof machine.config === "string"
    ? machine.config
    : JSON.stringify(patched(READY, machine.config ?? {}));
  folder.write("nomos.json", config);
  for (const [path, text] of Object.entries(machine.files ?? {})) folder.write(path, text, 0o600);
  machine.prepare?.(folder);
  return folder;
}

/** Has the doctor look at a machine. */
export async function ask(folder: TempFolder, machine: Machine): Promise<DoctorReport> {
  return await runDoctor({
    adapters: {
      ...createAdapters(),
      clock: { now: () => machine.now ?? NOW, monotonic: () => 0 },
      environment: environmentOf(machine.variables),
      probeSandbox: () => Promise.resolve({ available: true, detail: "bwrap 0.11" }),
      ...machine.adapters,
    },
    path: folder.at("nomos.json"),
    engineVersion: "1.2.3",
    tryListen: () => Promise.resolve({ ok: true, value: undefined }),
    ...machine.request,
  });
}

/** Sets a machine up and has the doctor look at it. */
export async function examine(machine: Machine = {}): Promise<DoctorReport> {
  return await ask(install(machine), machine);
}

/** What one check finds on a machine. */
export async function finding(id: string, machine: Machine = {}): Promise<CheckResult> {
  const { checks } = await examine(machine);
  const found = checks.filter((check) => check.id === id);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} checks ${id}`);
  return found[0];
}
