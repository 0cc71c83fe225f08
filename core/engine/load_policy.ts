import { type Digest, fail, ok, type Problem, type Result } from "../encoding/mod.ts";
import type { BundleRole } from "../model/mod.ts";
import {
  compileBundle,
  type CompiledPolicy,
  mergeBundles,
  type MergeOptions,
  parseBundle,
  type ParsedBundle,
  strictExecProblems,
} from "../policy/mod.ts";
import { FileError, type Files } from "../ports/mod.ts";

/** One bundle to load. */
export interface BundleSource {
  /** As the user knows it; taken from the working directory. */
  readonly path: string;
  readonly role?: BundleRole;
  /** Path of the detached signature, checked over the file's bytes before they are parsed. */
  readonly signaturePath?: string;
}

/** How bundles are loaded. */
export interface LoadPolicyOptions extends MergeOptions {
  readonly files: Files;
  readonly digest: Digest;
  /** Path of the public key signatures are checked with. */
  readonly publicKeyPath?: string;
  /** `strict` refuses rules that still use the legacy `exec_allowlist`. */
  readonly execCompatibility?: "legacy_allowlist_fallback" | "strict";
  /** Builds the index; one-shot commands do without. */
  readonly index: boolean;
}

/**
 * Reads, verifies, parses and merges bundles, and makes them ready to decide. One that cannot load stops everything.
 *
 * @returns every problem of every bundle, with file, line and column
 */
export async function loadPolicy(
  sources: readonly BundleSource[],
  options: LoadPolicyOptions,
): Promise<Result<CompiledPolicy, readonly Problem[]>> {
  const problems: Problem[] = [];
  const bundles: { bundle: ParsedBundle; role?: BundleRole }[] = [];
  for (const source of sources) {
    const bundle = await loadOne(source, options);
    if (!bundle.ok) problems.push(...bundle.reason);
    else bundles.push({ bundle: bundle.value, ...(source.role ? { role: source.role } : {}) });
  }
  if (problems.length > 0) return fail(problems);
  const merged = mergeBundles(bundles, options);
  if (!merged.ok) return merged;
  const policy = compileBundle(merged.value, { index: options.index });
  const legacy = options.execCompatibility === "strict" ? strictExecProblems(policy) : [];
  return legacy.length > 0 ? fail(legacy) : ok(policy);
}

async function loadOne(
  source: BundleSource,
  options: LoadPolicyOptions,
): Promise<Result<ParsedBundle, readonly Problem[]>> {
  const bytes = await readFile(options.files, source.path, "bundle");
  if (!bytes.ok) return fail([bytes.reason]);
  if (source.signaturePath !== undefined) {
    const flaw = await checkSignature(bytes.value, source, options);
    if (flaw) return fail([flaw]);
  }
  return await parseBundle(bytes.value, { file: source.path, digest: options.digest });
}

async function checkSignature(
  bytes: Uint8Array,
  source: BundleSource,
  options: LoadPolicyOptions,
): Promise<Problem | undefined> {
  const signature = await readFile(options.files, source.signaturePath ?? "", "signature");
  if (!signature.ok) return signature.reason;
  const key = await readFile(options.files, options.publicKeyPath ?? "", "public key");
  if (!key.ok) return key.reason;
  const { verifySignature } = await import("../policy/verify_signature.ts");
  const decoder = new TextDecoder();
  const verified = await verifySignature(bytes, {
    signature: decoder.decode(signature.value),
    publicKey: decoder.decode(key.value),
  });
  if (verified.ok) return undefined;
  return { pointer: "", file: source.path, message: `Cannot trust the bundle: ${verified.reason}` };
}

async function readFile(
  files: Files,
  path: string,
  what: string,
): Promise<Result<Uint8Array, Problem>> {
  try {
    return ok(await files.read(files.resolve(files.cwd, path)));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const state = error.code === "not_found" ? "there is no such file" : "it cannot be read";
    return fail({ pointer: "", file: path, message: `Cannot read the ${what}: ${state}` });
  }
}
