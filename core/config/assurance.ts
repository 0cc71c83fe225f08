import type { AssuranceLevel } from "../model/mod.ts";
import type { Config } from "./schema.ts";

/** One thing the operator can vouch for in `runtime.evidence`. */
export type EvidenceName = keyof Config["runtime"]["evidence"];

/** What looking from inside found of one piece of evidence. */
export interface EvidenceProbe {
  readonly holds: boolean;
  /** What was seen, for people: `uid is 0`. */
  readonly detail: string;
}

/** What could be probed; evidence that cannot be is not in it. */
export type EvidenceProbes = Readonly<Partial<Record<EvidenceName, EvidenceProbe>>>;

/** One piece of evidence as it counts. */
export interface JudgedEvidence {
  readonly name: EvidenceName;
  readonly declared: boolean;
  readonly probe: EvidenceProbe | undefined;
  /** Declared, and not contradicted. */
  readonly counts: boolean;
}

/** How far the installation's claims reach, and why. */
export interface Assurance {
  readonly level: AssuranceLevel;
  readonly evidence: readonly JudgedEvidence[];
  /** What weakens the claims without changing the level, for people. */
  readonly notes: readonly string[];
}

/** What was found on this machine. */
export interface AssuranceInput {
  readonly probes?: EvidenceProbes;
  /** Whether `local` is only process-level confinement here. */
  readonly localFallback?: boolean;
}

/**
 * Tells the assurance level of an installation; NONE is left to what runs without a config. It labels the audit, explanations and capabilities; it never changes a decision.
 *
 * Evidence that a probe contradicts counts as missing.
 */
export function assess(config: Config, input: AssuranceInput = {}): Assurance {
  const { runtime, executor } = config;
  const names = Object.keys(runtime.evidence) as EvidenceName[]; // the schema's own names
  const evidence = names.map((name): JudgedEvidence => {
    const declared = runtime.evidence[name];
    const probe = input.probes?.[name];
    return { name, declared, probe, counts: declared && probe?.holds !== false };
  });
  const notes = evidence.filter(({ declared, counts }) => declared && !counts)
    .map(({ name, probe }) => `${name} is declared, but ${probe?.detail ?? "contradicted"}`);
  const weak = input.localFallback === true && executor.sandbox_profile === "local";
  if (weak) notes.push("the local sandbox is process-level confinement only");
  if (executor.sandbox_network === "host") {
    notes.push("sandboxed processes may use the host's network");
  }
  const proven = runtime.strong_guarantee && evidence.every(({ counts }) => counts);
  return { level: levelOf(runtime.deployment_mode, proven, weak), evidence, notes };
}

function levelOf(
  mode: Config["runtime"]["deployment_mode"],
  proven: boolean,
  weak: boolean,
): AssuranceLevel {
  switch (mode) {
    case "ci":
    case "k8s":
      return weak ? "BEST_EFFORT" : proven ? "STRONG" : "GUARDED";
    case "remote_dev":
    case "unmanaged":
      return "BEST_EFFORT";
  }
}
