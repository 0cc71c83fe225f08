import {
  encodeUtf8,
  type JsonObject,
  ok,
  type Problem,
  type Result,
  utf8Length,
} from "../encoding/mod.ts";
import type { Refusal } from "../model/mod.ts";
import type { HeldFile } from "../ports/mod.ts";
import type { ActionType } from "./action_type.ts";
import { base64Bytes, decodeBase64 } from "./base64.ts";
import { Executed } from "./executed.ts";
import { holdResource, resolvedMetadata } from "./hold_file.ts";
import { ParamReader } from "./params.ts";
import type { Permit } from "./permit.ts";
import type { ActionPorts, ExecutorSettings } from "./ports.ts";

/** What a file is to hold. */
export interface FsWriteParams {
  readonly content: Uint8Array;
}

const ENCODINGS = ["utf8", "base64"] as const;

/** `fs.write`: a whole file of the workspace, replaced in one step. */
export const fsWrite: ActionType<FsWriteParams, HeldFile> = {
  name: "fs.write",
  summary: "Writes a file of the workspace.",
  schemes: ["file"],
  risk: ["risk.write"],
  tool: {
    name: "nomos_fs_write",
    alias: "write_file",
    title: "Write a file",
    description:
      "Create or replace a file of the workspace with the given content. Missing folders are created.",
    readOnly: false,
    destructive: true,
    openWorld: false,
  },
  paramsSchema: {
    type: "object",
    additionalProperties: false,
    required: ["content"],
    properties: {
      content: { type: "string", description: "The whole new content; may be empty." },
      encoding: {
        type: "string",
        enum: ENCODINGS,
        default: "utf8",
        description: "base64 for content that is not text.",
      },
    },
  },
  runtimeChecks: ["symlink_target", "file_kind", "space"],
  execution: "nomos",
  parse,
  facets: () => NO_FACETS,
  hold: (action, ports) => holdResource(action, ports.workspace, "write"),
  execute,
};

const NO_FACETS = Object.freeze({});

function parse(
  params: JsonObject,
  _resource: string,
  settings: ExecutorSettings,
): Result<FsWriteParams, readonly Problem[]> {
  const reader = new ParamReader(params, ["content", "encoding"]);
  reader.require("content");
  const content = reader.text("content");
  const encoding = reader.choice("encoding", ENCODINGS) ?? "utf8";
  if (content === undefined) return reader.finish(() => ({ content: NO_BYTES }));
  const size = encoding === "base64" ? base64Bytes(content) : utf8Length(content);
  if (size > settings.maxWriteBytes) {
    reader.problem(
      "content",
      `Cannot write the content: ${size} bytes, expected at most ${settings.maxWriteBytes}`,
    );
    return reader.finish(() => ({ content: NO_BYTES }));
  }
  const bytes = encoding === "base64" ? decodeBase64(content) : encodeUtf8(content);
  if (bytes === undefined) {
    reader.problem(
      "content",
      'Cannot decode "content": not base64, expected the standard alphabet, padded, without white space',
    );
  }
  return reader.finish(() => ({ content: bytes ?? NO_BYTES }));
}

const NO_BYTES = new Uint8Array(0);

async function execute(
  permit: Permit<FsWriteParams>,
  _ports: ActionPorts,
  file: HeldFile,
): Promise<Result<Executed, Refusal>> {
  const written = await file.replace(permit.params.content);
  if (!written.ok) return written;
  return ok(
    new Executed({
      meta: { bytes_written: written.value.bytesWritten },
      metadata: { created: !file.exists, ...resolvedMetadata(permit.action, file) },
    }),
  );
}
