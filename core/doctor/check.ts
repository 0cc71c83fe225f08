import type { Assurance, Config, EvidenceProbes, LoadedConfig } from "../config/mod.ts";
import type { Problem, Result } from "../encoding/mod.ts";
import type { CompiledPolicy } from "../policy/mod.ts";
import type { Adapters } from "../ports/mod.ts";

/** What a check found. `WARN` does not keep an installation from being ready. */
export type CheckStatus = "PASS" | "WARN" | "FAIL";

/** The outcome of one check. */
export interface Finding {
  readonly status: CheckStatus;
  /** What is so, in one sentence without a full stop. */
  readonly message: string;
  /** What to do; always there unless the check passed. */
  readonly hint?: string;
}

/** Tries to listen and stops again. */
export type TryListen = (trial: ListenTrial) => Promise<Result<void, string>>;

/** Where and how to try to listen. */
export interface ListenTrial {
  /** `:port` or `host:port`; port 0 takes a free one. */
  readonly address: string;
  /** With the TLS files of the config. */
  readonly tls: Config["gateway"]["tls"] | undefined;
}

/** Everything the checks look at. Made once, for a config that loads. */
export interface Inspection {
  readonly adapters: Adapters;
  readonly loaded: LoadedConfig;
  readonly config: Config;
  /** The configured bundles, or why they cannot be used. */
  readonly policy: Result<CompiledPolicy, readonly Problem[]>;
  readonly probes: EvidenceProbes;
  readonly assurance: Assurance;
  /** Absent where nothing may listen, such as in a gateway that serves. */
  readonly tryListen: TryListen | undefined;
}

/**
 * One question to an installation.
 *
 * Duties: the same installation gives the same words; nothing secret is in them; whatever the check makes is gone
 * when it ends. An exception is a fault of Nomos, not of the installation.
 */
export interface Check {
  /** Family and name: `policy.bundle_parses`. */
  readonly id: string;
  run(inspection: Inspection): Finding | Promise<Finding>;
}

/** Checks that there are only for some configs. */
export type CheckFamily = (config: Config) => readonly Check[];

/** All is well. */
export function pass(message: string): Finding {
  return { status: "PASS", message };
}

/** It works, and should be looked at. */
export function warn(message: string, hint: string): Finding {
  return { status: "WARN", message, hint };
}

/** It does not work. */
export function failure(message: string, hint: string): Finding {
  return { status: "FAIL", message, hint };
}

/** Passes or fails. */
export function judge(
  holds: boolean,
  { good, bad, hint }: { good: string; bad: string; hint: string },
): Finding {
  return holds ? pass(good) : failure(bad, hint);
}
