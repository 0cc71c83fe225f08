import { decodeUtf8, echo, type Problem, toPointer } from "../encoding/mod.ts";
import { type Environment, FileError, type Files } from "../ports/mod.ts";
import { configSchema } from "./schema.ts";
import { dotted, getAt, isTree, type Path, textsOf, type Tree } from "./tree.ts";
import { notesOf } from "./walk.ts";

/** Where looked-up secrets are. */
export interface LookupInput {
  readonly environment: Environment;
  readonly files: Files;
  /** Folder that relative paths are taken from. */
  readonly folder: string;
}

/** What looking up all secrets gave, besides the secrets themselves. */
export interface Lookups {
  readonly problems: Problem[];
  /** Variables that hold secrets. */
  readonly variables: ReadonlySet<string>;
  /** Absolute paths of files that hold secrets. */
  readonly files: readonly string[];
}

/** A secret is no document. */
const MAX_SECRET_BYTES = 64 * 1024;

/** Sections whose secrets nobody needs while they are off. */
const OPTIONAL_SECTIONS: readonly string[] = ["credentials", "approvals"];

/** The one record whose names are the secrets. */
const API_KEYS: Path = ["identity", "api_keys"];

/** Stands in for a secret that could not be found, so that the rest can still be judged. */
const STAND_IN = "secret-not-found";

/**
 * Replaces every `env:NAME` and `file:/path` of a secret-valued key by what it names.
 *
 * @param tree changed in place
 */
export async function lookUpSecrets(tree: Tree, input: LookupInput): Promise<Lookups> {
  const problems: Problem[] = [];
  const variables = new Set<string>();
  const files = new Set<string>();
  const read = async (reference: Reference, path: Path) => {
    if (reference.kind === "env") variables.add(reference.name);
    else files.add(input.files.resolve(input.folder, reference.name));
    const found = await lookUp(reference, input);
    if (found.secret !== undefined) return found.secret;
    problems.push({
      pointer: toPointer(path),
      message: `Cannot look up ${dotted(path)}: ${found.problem}`,
    });
    return STAND_IN;
  };
  for (const place of [...textsOf(configSchema, tree)]) {
    const reference = notesOf(place.schema).lookup ? referenceOf(place.text) : undefined;
    if (reference === undefined || isOff(tree, place.path)) continue;
    place.replace(await read(reference, place.path));
  }
  const keys = getAt(tree, API_KEYS);
  if (isTree(keys)) problems.push(...await lookUpNames(keys, API_KEYS, read));
  return { problems, variables, files: [...files] };
}

interface Reference {
  readonly kind: "env" | "file";
  readonly name: string;
}

function referenceOf(text: string): Reference | undefined {
  if (text.startsWith("env:")) return { kind: "env", name: text.slice(4) };
  return text.startsWith("file:") ? { kind: "file", name: text.slice(5) } : undefined;
}

function isOff(tree: Tree, path: Path): boolean {
  const section = String(path[0]);
  return OPTIONAL_SECTIONS.includes(section) && getAt(tree, [section, "enabled"]) !== true;
}

type Found = { readonly secret: string } | {
  readonly secret?: undefined;
  readonly problem: string;
};

async function lookUp(reference: Reference, input: LookupInput): Promise<Found> {
  const { kind, name } = reference;
  if (kind === "file") {
    return await readSecret(input.files.resolve(input.folder, name), input.files);
  }
  const secret = input.environment.get(name);
  if (secret) return { secret };
  const state = secret === undefined ? "is not set" : "is empty";
  return { problem: `the variable ${echo(name)} ${state}, expected the secret in it` };
}

async function readSecret(path: string, files: Files): Promise<Found> {
  const file = `the file ${echo(path)}`;
  try {
    const stat = await files.stat(path, { follow: true });
    if (stat === undefined) return { problem: `${file} does not exist, expected the secret in it` };
    // Reading a pipe or a device could wait for ever.
    if (stat.kind !== "file") return { problem: `${file} is not a regular file` };
    if (stat.size > MAX_SECRET_BYTES) return { problem: `${file} is too large for a secret` };
    const secret = decodeUtf8(await files.read(path))?.replace(/\r?\n$/, "");
    if (secret === undefined) return { problem: `${file} is not UTF-8 text` };
    return secret === "" ? { problem: `${file} is empty, expected the secret in it` } : { secret };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { problem: `${file} cannot be read (${error.code})` };
  }
}

type Read = (reference: Reference, path: Path) => Promise<string>;

/** Looks up secrets that are names of members; says nothing of the names themselves. */
async function lookUpNames(record: Tree, path: Path, read: Read): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const name of Object.keys(record)) {
    const reference = referenceOf(name);
    if (reference === undefined) continue;
    const value = record[name] ?? null;
    Reflect.deleteProperty(record, name);
    const secret = await read(reference, path);
    if (Object.hasOwn(record, secret) && secret !== STAND_IN) {
      const message = `Cannot look up ${dotted(path)}: ${
        echo(name)
      } names a key that is there twice`;
      problems.push({ pointer: toPointer(path), message });
    }
    record[secret] = value;
  }
  return problems;
}
