import { type JsonObject, ok, type Problem, type Result } from "../encoding/mod.ts";
import type { Refusal } from "../model/mod.ts";
import type { ActionType } from "./action_type.ts";
import { Executed } from "./executed.ts";
import { ParamReader } from "./params.ts";
import { planChanges } from "./patch/changes.ts";
import { APPLY_PATCH, claimsOf, type FileEdit, readPatch, readReplacement } from "./patch/edits.ts";
import { type HeldFiles, holdEdits } from "./patch/hold_edits.ts";
import type { Permit } from "./permit.ts";
import type { ActionPorts, ExecutorSettings } from "./ports.ts";

/** What a patch does, file by file; each file at most once. */
export interface ApplyPatchParams {
  readonly edits: readonly FileEdit[];
}

/** `repo.apply_patch`: changes of several files, each judged by policy, made all or none. */
export const repoApplyPatch: ActionType<ApplyPatchParams, HeldFiles> = {
  name: APPLY_PATCH,
  summary: "Applies a patch to files of the workspace, all of it or nothing.",
  schemes: ["repo", "file"],
  risk: ["risk.write"],
  tool: {
    name: "nomos_apply_patch",
    alias: "apply_patch",
    title: "Apply a patch",
    description:
      "Change files of the workspace: either path and content of one file, or patch, a unified diff as git " +
      "writes it (a/ and b/ prefixes, exact context). All files change or none.",
    readOnly: false,
    destructive: true,
    openWorld: false,
  },
  paramsSchema: {
    type: "object",
    additionalProperties: false,
    properties: {
      path: { type: "string", description: "File to replace, relative to the workspace." },
      content: { type: "string", description: "Its whole new content; may be empty." },
      patch: {
        type: "string",
        description: "A unified diff as git writes it; may create, delete and rename files.",
      },
    },
    oneOf: [{ required: ["path", "content"] }, { required: ["patch"] }],
    not: { anyOf: [{ required: ["patch", "path"] }, { required: ["patch", "content"] }] },
  },
  runtimeChecks: ["symlink_target", "file_kind", "patch_context", "space"],
  execution: "nomos",
  parse,
  facets: () => NO_FACETS,
  claims: (params, resource) => claimsOf(params.edits, resource),
  hold: (action, ports) =>
    holdEdits(action.params.edits, {
      workspace: ports.workspace,
      resource: action.facts.resource,
    }),
  execute,
};

const NO_FACETS = Object.freeze({});

function parse(
  params: JsonObject,
  _resource: string,
  settings: ExecutorSettings,
): Result<ApplyPatchParams, readonly Problem[]> {
  const reader = new ParamReader(params, ["path", "content", "patch"]);
  const isDiff = reader.has("patch");
  if (isDiff && (reader.has("path") || reader.has("content"))) {
    reader.problem("patch", 'Cannot use "patch" beside path and content: expected one form');
  }
  const edits = isDiff
    ? readPatch(reader, settings.maxWriteBytes)
    : readReplacement(reader, settings.maxWriteBytes);
  return reader.finish(() => ({ edits }));
}

async function execute(
  permit: Permit<ApplyPatchParams>,
  ports: ActionPorts,
  files: HeldFiles,
): Promise<Result<Executed, Refusal>> {
  const { edits } = permit.params;
  const changes = await planChanges(edits, files, ports.signal);
  if (!changes.ok) return changes;
  const applied = await ports.workspace.apply(changes.value);
  if (!applied.ok) return applied;
  return ok(
    new Executed({
      meta: { bytes_written: applied.value.bytesWritten },
      metadata: { files: edits.map(describe) },
    }),
  );
}

function describe(edit: FileEdit): JsonObject {
  return edit.kind === "rename"
    ? { change: edit.kind, path: edit.path, from: edit.from }
    : { change: edit.kind, path: edit.path };
}
