import {
  cleanFilePath,
  echo,
  encodeUtf8,
  isJsonArray,
  type JsonObject,
  type Problem,
  type Result,
} from "../../encoding/mod.ts";
import { ParamReader } from "../params.ts";
import type { ExecutorSettings } from "../ports.ts";
import { workspacePath } from "../workspace_path.ts";

/** What to run, and with what. */
export interface ProcessExecParams {
  /** Never empty; the first word is the program. */
  readonly argv: readonly string[];
  /** Workspace path to run in; `""` is the root. */
  readonly cwd: string;
  /** Names of variables the process may have. */
  readonly envKeys: readonly string[];
  readonly leaseIds: readonly string[];
  readonly stdin?: Uint8Array;
  readonly timeoutMs?: number;
}

const MEMBERS = [
  "argv",
  "cwd",
  "env_allowlist_keys",
  "credential_lease_ids",
  "stdin",
  "timeout_ms",
];

/** Parses the params of `process.exec`. */
export function parseProcessExec(
  params: JsonObject,
  resource: string,
  settings: ExecutorSettings,
): Result<ProcessExecParams, readonly Problem[]> {
  const reader = new ParamReader(params, MEMBERS);
  const argv = readArgv(reader);
  const cwd = readCwd(reader, workspacePath(resource) ?? "");
  const envKeys = readStrings(reader, "env_allowlist_keys", isVariableName, "names of variables");
  const leaseIds = readStrings(reader, "credential_lease_ids", (id) => id !== "", "lease ids");
  const stdin = reader.text("stdin");
  const timeoutMs = reader.integer("timeout_ms", { min: 1, max: settings.execTimeoutMs });
  return reader.finish(() => ({
    argv,
    cwd,
    envKeys: [...new Set(envKeys)],
    leaseIds: [...new Set(leaseIds)],
    ...(stdin === undefined ? {} : { stdin: encodeUtf8(stdin) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }));
}

function readArgv(reader: ParamReader): readonly string[] {
  reader.require("argv");
  const argv = readStrings(reader, "argv", (word) => !word.includes("\0"), "words without NUL");
  const list = reader.value("argv");
  if (isJsonArray(list) && (list.length === 0 || list[0] === "")) {
    reader.problem("argv", 'Cannot use "argv": expected the program to run as its first word');
  }
  return argv;
}

/**
 * The folder to run in lies where the resource says or below: what policy was asked about is where the process runs.
 *
 * @param base workspace path of the resource
 */
function readCwd(reader: ParamReader, base: string): string {
  const text = reader.text("cwd") ?? "";
  // The only spelling with a dot that means one folder and no other.
  if (text === "" || text === ".") return base;
  const clean = cleanFilePath(text);
  if (!clean.ok) {
    for (const flaw of clean.reason) reader.problem("cwd", `Cannot use "cwd": ${flaw}`);
    return base;
  }
  if (!isBelow(base, clean.value)) {
    reader.problem("cwd", 'Cannot use "cwd": expected the folder of the resource, or one below it');
  }
  return clean.value;
}

/** Whether a workspace path is another or lies below it. */
export function isBelow(base: string, path: string): boolean {
  return base === "" || path === base || path.startsWith(`${base}/`);
}

function readStrings(
  reader: ParamReader,
  name: string,
  fits: (text: string) => boolean,
  wish: string,
): readonly string[] {
  const value = reader.value(name);
  if (value === undefined) return [];
  if (!isJsonArray(value)) {
    reader.problem(name, `Cannot use "${name}": expected a list of ${wish}`);
    return [];
  }
  const strings: string[] = [];
  for (const [i, item] of value.entries()) {
    if (typeof item === "string" && fits(item)) strings.push(item);
    else reader.problem(name, `Cannot use item ${echo(String(i))} of "${name}": expected ${wish}`);
  }
  return strings;
}

/** Systems take any name without these. */
function isVariableName(text: string): boolean {
  return text !== "" && !/[=\0]/.test(text);
}
