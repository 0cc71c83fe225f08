import { decodeOutput, type JsonObject, ok, type Problem, type Result } from "../encoding/mod.ts";
import type { Refusal } from "../model/mod.ts";
import type { HeldFile } from "../ports/mod.ts";
import type { ActionType } from "./action_type.ts";
import { Executed, MARGIN_BYTES } from "./executed.ts";
import { holdResource, resolvedMetadata } from "./hold_file.ts";
import { ParamReader } from "./params.ts";
import type { Permit } from "./permit.ts";
import type { ActionPorts } from "./ports.ts";

/** Which part of a file is wanted; all of it when nothing is said. */
export interface FsReadParams {
  /** First line, from 1. */
  readonly offsetLine?: number;
  readonly limitLines?: number;
}

/** `fs.read`: a file of the workspace, or some lines of it. */
export const fsRead: ActionType<FsReadParams, HeldFile> = {
  name: "fs.read",
  summary: "Reads a file of the workspace.",
  schemes: ["file"],
  risk: [],
  tool: {
    name: "nomos_fs_read",
    alias: "read_file",
    title: "Read a file",
    description:
      "Read a text file of the workspace. offset_line (from 1) and limit_lines choose a part of it.",
    readOnly: true,
    destructive: false,
    openWorld: false,
  },
  paramsSchema: {
    type: "object",
    additionalProperties: false,
    properties: {
      offset_line: {
        type: "integer",
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: "First line wanted, from 1.",
      },
      limit_lines: {
        type: "integer",
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: "Most lines wanted.",
      },
    },
  },
  runtimeChecks: ["symlink_target", "file_kind"],
  execution: "nomos",
  parse,
  facets: () => NO_FACETS,
  hold: (action, ports) => holdResource(action, ports.workspace, "read"),
  execute,
};

const NO_FACETS = Object.freeze({});

function parse(params: JsonObject): Result<FsReadParams, readonly Problem[]> {
  const reader = new ParamReader(params, ["offset_line", "limit_lines"]);
  const offsetLine = reader.integer("offset_line", { min: 1 });
  const limitLines = reader.integer("limit_lines", { min: 1 });
  return reader.finish(() => ({
    ...(offsetLine === undefined ? {} : { offsetLine }),
    ...(limitLines === undefined ? {} : { limitLines }),
  }));
}

async function execute(
  permit: Permit<FsReadParams>,
  ports: ActionPorts,
  file: HeldFile,
): Promise<Result<Executed, Refusal>> {
  const read = await file.read({
    ...permit.params,
    maxBytes: permit.caps.maxBytes + MARGIN_BYTES,
    signal: ports.signal,
  });
  if (!read.ok) return read;
  const { bytes, cut, before } = read.value;
  // Decoded as a stream that goes on, a cut text loses the beginning of a character instead of getting half of it.
  const text = decodeOutput(bytes, { cut });
  const metadata = resolvedMetadata(permit.action, file);
  const output = before ? { text, cut, before: decodeOutput(before) } : { text, cut };
  return ok(new Executed({ streams: { output }, metadata }));
}
