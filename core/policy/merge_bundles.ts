import {
  canonicalJson,
  type Digest,
  echo,
  fail,
  ok,
  portableDigest,
  type Problem,
  type Result,
} from "../encoding/mod.ts";
import type { BundleInput, BundleProvenance, BundleRole } from "../model/mod.ts";
import type { ParsedBundle, Rule } from "./rule.ts";

/** Goes into the hash of merged bundles, so that another way to merge gives other hashes. */
const MERGE_ALGORITHM = "nomos.policy.merge.v1";

/** Every role a bundle may have. */
export const BUNDLE_ROLES: readonly BundleRole[] = [
  "baseline",
  "org",
  "repo",
  "env",
  "local_override",
];

/** One bundle to merge. */
export interface BundleWithRole {
  readonly bundle: ParsedBundle;
  readonly role?: BundleRole;
}

/** Where the merged bundles will be used. */
export interface MergeOptions {
  readonly environment?: string;
  readonly deploymentMode?: "ci" | "k8s" | "remote_dev" | "unmanaged";
  /** Who computes the hash; the portable digest by default. */
  readonly digest?: Digest;
}

/** All rules that apply, and where they are from. */
export interface PolicySet {
  readonly rules: readonly Rule[];
  readonly provenance: BundleProvenance;
}

/**
 * Merges bundles in the order given; the order decides the hash, never a decision. One bundle keeps its own hash.
 *
 * @returns every rule id that two bundles share, and every role that may not be used here
 */
export function mergeBundles(
  list: readonly BundleWithRole[],
  options: MergeOptions = {},
): Result<PolicySet, Problem[]> {
  const problems = [...sharedIds(list), ...misusedRoles(list, options)];
  if (list.length === 0) {
    problems.push({ pointer: "", message: "Cannot load policy: no bundle, expected at least one" });
  }
  if (problems.length > 0) return fail(problems);
  const inputs = list.map(({ bundle, role }): BundleInput => ({
    path: bundle.file,
    hash: bundle.hash,
    ...(role === undefined ? {} : { role }),
  }));
  return ok({
    rules: list.flatMap(({ bundle }) => bundle.rules),
    provenance: {
      hash: mergedHash(list, options.digest ?? portableDigest),
      sources: inputs.map(({ path, hash }) => `${path}#${hash}`),
      inputs,
    },
  });
}

function mergedHash(list: readonly BundleWithRole[], digest: Digest): string {
  const [only, ...others] = list;
  if (only !== undefined && others.length === 0) return only.bundle.hash;
  return digest.sha256Hex(canonicalJson({
    bundle_hashes: list.map(({ bundle }) => bundle.hash),
    merge_algorithm_version: MERGE_ALGORITHM,
  }));
}

function sharedIds(list: readonly BundleWithRole[]): Problem[] {
  const owners = new Map<string, Rule>();
  const problems: Problem[] = [];
  for (const { bundle } of list) {
    for (const rule of bundle.rules) {
      const owner = owners.get(rule.id);
      if (owner === undefined) owners.set(rule.id, rule);
      else problems.push(sharedId(rule, owner));
    }
  }
  return problems;
}

function sharedId(rule: Rule, owner: Rule): Problem {
  const line = owner.place.position()?.line;
  const where = line === undefined ? owner.place.file : `${owner.place.file}:${line}`;
  const position = rule.place.position();
  return {
    pointer: `${rule.place.pointer}/id`,
    message: `Cannot use "${
      echo(rule.id, 60)
    }" as id: ${where} has it already, expected ids unique across all bundles`,
    file: rule.place.file,
    ...(position === undefined ? {} : { position }),
  };
}

function misusedRoles(list: readonly BundleWithRole[], options: MergeOptions): Problem[] {
  const { environment, deploymentMode } = options;
  const local = environment === "dev" || environment === "local";
  if (local && deploymentMode === "unmanaged") return [];
  return list.filter(({ role }) => role === "local_override").map(({ bundle }) => ({
    pointer: "",
    message:
      `Cannot use role "local_override": environment is "${
        environment ?? ""
      }" and deployment mode ` +
      `"${deploymentMode ?? ""}", expected environment dev or local with deployment mode unmanaged`,
    file: bundle.file,
  }));
}
