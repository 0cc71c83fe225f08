import {
  assess,
  bundleFiles,
  type ConfigOverrides,
  loadConfig,
  type LoadedConfig,
  probeEvidence,
} from "../config/mod.ts";
import { formatProblem, type Problem, type Result } from "../encoding/mod.ts";
import { loadPolicy } from "../engine/load_policy.ts";
import type { AssuranceLevel, BundleInput } from "../model/mod.ts";
import type { Adapters } from "../ports/mod.ts";
import { failure, type Finding, type Inspection, pass, type TryListen } from "./check.ts";
import { look } from "./disk.ts";
import { CHECKS, FAMILIES } from "./registry.ts";

/** What to look at, and how. */
export interface DoctorRequest {
  readonly adapters: Adapters;
  /** Path of the config, taken from the working directory. */
  readonly path: string;
  readonly overrides?: ConfigOverrides;
  readonly engineVersion: string;
  /** Absent where nothing may listen, such as in a gateway that serves. */
  readonly tryListen?: TryListen;
  /** Warnings keep an installation from being ready too. */
  readonly strict?: boolean;
}

/** One check with its id. */
export interface CheckResult extends Finding {
  readonly id: string;
}

/** What the doctor says. Members are in the order they are written in. */
export interface DoctorReport {
  readonly overall_status: "READY" | "NOT_READY";
  /** Sorted by id. */
  readonly checks: readonly CheckResult[];
  readonly policy_bundle_hash?: string;
  readonly policy_bundle_sources?: readonly string[];
  readonly policy_bundle_inputs?: readonly BundleInput[];
  readonly assurance_level: AssuranceLevel;
  readonly engine_version: string;
}

/** Looks an installation over. The same installation gives the same report, byte for byte. */
export async function runDoctor(request: DoctorRequest): Promise<DoctorReport> {
  const { adapters, path } = request;
  const loaded = await loadConfig({
    files: adapters.files,
    environment: adapters.environment,
    path,
    ...(request.overrides && { overrides: request.overrides }),
  });
  const first = [configLoad(loaded), await configPath(request)];
  if (!loaded.ok) {
    return report(request, [...first, ...CHECKS.map(({ id }) => ({ id, ...NOT_CHECKED }))]);
  }
  const inspection = await inspect(request, loaded.value);
  const checks = [...CHECKS, ...FAMILIES.flatMap((family) => family(inspection.config))];
  const results: CheckResult[] = [...first];
  for (const check of checks) results.push({ id: check.id, ...await check.run(inspection) });
  return report(request, results, inspection);
}

const NOT_CHECKED = failure("not checked: the config does not load", "see config.load");

function configLoad(loaded: Result<LoadedConfig, Problem[]>): CheckResult {
  const id = "config.load";
  if (loaded.ok) {
    const { warnings } = loaded.value;
    return warnings.length === 0 ? { id, ...pass("the config loads") } : {
      id,
      status: "WARN",
      message: `the config loads; ${warnings.join("; ")}`,
      hint: "correct or unset these variables",
    };
  }
  const problems = loaded.reason.map(formatProblem).join("; ");
  return { id, ...failure(problems, "correct the config; nomos config check lists one a line") };
}

async function configPath({ adapters, path }: DoctorRequest): Promise<CheckResult> {
  const { files } = adapters;
  const stat = await look(adapters, files.resolve(files.cwd, path));
  const id = "config.path_resolves";
  if (stat === undefined) return { id, ...failure(`${path} does not exist`, "correct --config") };
  return { id, ...pass(`the config is ${path}`) };
}

async function inspect(request: DoctorRequest, loaded: LoadedConfig): Promise<Inspection> {
  const { adapters } = request;
  const { config } = loaded;
  const policy = await loadPolicy(bundleFiles(config), {
    files: adapters.files,
    digest: adapters.digest,
    index: false,
    environment: config.identity.environment,
    deploymentMode: config.runtime.deployment_mode,
    ...(config.policy.public_key_path && { publicKeyPath: config.policy.public_key_path }),
  });
  const probes = await probeEvidence(adapters.files);
  const localFallback = await usesFallback(request, loaded);
  const assurance = assess(config, { probes, localFallback });
  return { adapters, loaded, config, policy, probes, assurance, tryListen: request.tryListen };
}

/** Whether `local` is process-level confinement on this machine. */
async function usesFallback(
  { adapters }: DoctorRequest,
  { config: { executor } }: LoadedConfig,
): Promise<boolean> {
  if (executor.sandbox_profile !== "local" || executor.sandbox_local_fallback === "none") {
    return false;
  }
  const { path, workspace_root: workspaceRoot } = executor;
  return !(await adapters.probeSandbox("local", { path, workspaceRoot })).available;
}

function report(
  request: DoctorRequest,
  results: readonly CheckResult[],
  inspection?: Inspection,
): DoctorReport {
  const bad = results.some(({ status }) =>
    status === "FAIL" || (request.strict === true && status === "WARN")
  );
  const policy = inspection?.policy;
  return {
    overall_status: bad ? "NOT_READY" : "READY",
    checks: results.toSorted((a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
    ...(policy?.ok && {
      policy_bundle_hash: policy.value.provenance.hash,
      policy_bundle_sources: policy.value.provenance.sources,
      policy_bundle_inputs: policy.value.provenance.inputs,
    }),
    assurance_level: inspection?.assurance.level ?? "NONE",
    engine_version: request.engineVersion,
  };
}
