import { decodeOutput, fail, ok, type Result } from "../encoding/mod.ts";
import { type Claim, type Refusal, refuse } from "../model/mod.ts";
import type { HeldFolder, ProcessEnd, ProcessRequest } from "../ports/mod.ts";
import type { ActionType, Held, NormalizedAction } from "./action_type.ts";
import { isBelow, parseProcessExec, type ProcessExecParams } from "./exec/params.ts";
import { processRequest } from "./exec/request.ts";
import { Executed, type RawStream } from "./executed.ts";
import { foundResource, heldNothing, refuseUnspeakable } from "./hold_file.ts";
import type { Permit } from "./permit.ts";
import type { ActionPorts } from "./ports.ts";
import { workspacePath, workspaceResource } from "./workspace_path.ts";

const NAME = "process.exec";

/** `process.exec`: runs a program with its arguments, without a shell. */
export const processExec: ActionType<ProcessExecParams, HeldFolder> = {
  name: NAME,
  summary: "Runs a program with its arguments in the workspace, without a shell.",
  schemes: ["file"],
  risk: ["risk.exec"],
  runtimeChecks: ["working_folder", "program", "lease", "exit_code"],
  execution: "nomos",
  tool: {
    name: "nomos_exec",
    alias: "run_command",
    title: "Run a command",
    description:
      "Run a program in the workspace. argv is the program and its arguments, each a word of its own; no shell reads " +
      "them. Its environment is empty but for what env_allowlist_keys names and the operator allows. A non-zero exit " +
      "code is a result, not an error.",
    readOnly: false,
    destructive: true,
    openWorld: true,
  },
  paramsSchema: {
    type: "object",
    additionalProperties: false,
    required: ["argv"],
    properties: {
      argv: {
        type: "array",
        items: { type: "string" },
        minItems: 1,
        description: "The program and its arguments.",
      },
      cwd: {
        type: "string",
        description: "Folder to run in, relative to the workspace; the resource's own unless said.",
      },
      env_allowlist_keys: {
        type: "array",
        items: { type: "string", minLength: 1 },
        description:
          "Variables the process gets: of Nomos's own those that executor.env_allowlist allows, and those of leases.",
      },
      credential_lease_ids: {
        type: "array",
        items: { type: "string", minLength: 1 },
        description:
          "Leases of secrets.checkout; env_allowlist_keys names the variables they come in.",
      },
      stdin: { type: "string", description: "What the process reads; nothing unless said." },
      timeout_ms: {
        type: "integer",
        minimum: 1,
        description: "Milliseconds after which it is ended; it can only lower the configured time.",
      },
    },
  },
  parse: parseProcessExec,
  facets: ({ argv, leaseIds, timeoutMs }) => ({
    argv,
    ...(leaseIds.length === 0 ? {} : { leaseIds }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }),
  claims: ({ cwd }, resource) => claimsOn(workspaceResource(cwd), resource),
  hold,
  execute,
};

/** The folder to run in lies in what policy was asked about; a rule may still forbid this very folder. */
function claimsOn(folder: string, resource: string): readonly Claim[] {
  return folder === resource ? [] : [{ type: NAME, resource: folder, mode: "deny_only" }];
}

async function hold(
  action: NormalizedAction<ProcessExecParams>,
  ports: ActionPorts,
): Promise<Held<HeldFolder>> {
  const { cwd } = action.params;
  const held = await ports.workspace.holdFolder(cwd);
  if (!held.ok) return heldNothing(held.reason);
  const { resolvedPath } = held.value;
  const found = resolvedPath === "" ? workspaceResource("") : foundResource(held.value);
  if (found === undefined) {
    await held.value.release();
    return heldNothing(refuseUnspeakable(cwd));
  }
  return {
    handle: ok(held.value),
    claims: claimsOnFound(action, { resource: found, path: resolvedPath }),
    release: () => held.value.release(),
  };
}

/** Where a symlink has led: out of what policy was asked about, it must be allowed in its own right. */
function claimsOnFound(
  { params, facts }: NormalizedAction<ProcessExecParams>,
  found: { resource: string; path: string },
): readonly Claim[] {
  if (found.resource === workspaceResource(params.cwd)) return [];
  const inside = isBelow(workspacePath(facts.resource) ?? "", found.path);
  return [{ type: NAME, resource: found.resource, mode: inside ? "deny_only" : "required" }];
}

async function execute(
  permit: Permit<ProcessExecParams>,
  ports: ActionPorts,
  cwd: HeldFolder,
): Promise<Result<Executed, Refusal>> {
  const { params, action: { facts } } = permit;
  const leased = ports.leases.materialize(params.leaseIds, {
    ...facts.identity,
    traceId: facts.traceId,
  });
  if (!leased.ok) return leased;
  const request = processRequest(permit, ports, { cwd, leased: leased.value.env });
  const run = await ports.processes.run(request);
  return run.ok ? report(run.value, request, { permit, secrets: leased.value.secrets }) : run;
}

function report(
  end: ProcessEnd,
  request: ProcessRequest,
  context: { permit: Permit<ProcessExecParams>; secrets: readonly string[] },
): Result<Executed, Refusal> {
  const { params } = context.permit;
  const metadata = {
    exit_code: end.exitCode,
    confinement: end.confinement,
    cwd: request.cwd.resolvedPath,
    env_keys: [...request.inherit, ...Object.keys(request.env)].sort(),
    stdout_truncated: end.stdoutCut,
    stderr_truncated: end.stderrCut,
  };
  if (end.ended !== "exit") return fail(refuseUnfinished(end.ended, request, metadata));
  return ok(
    new Executed({
      streams: {
        stdout: streamOf(end.stdout, end.stdoutCut),
        stderr: streamOf(end.stderr, end.stderrCut),
      },
      secrets: context.secrets,
      meta: {
        exit_code: end.exitCode,
        ...(params.leaseIds.length === 0 ? {} : { credential_lease_ids: params.leaseIds }),
      },
      metadata,
    }),
  );
}

function refuseUnfinished(
  ended: "timeout" | "canceled",
  { timeoutMs }: ProcessRequest,
  metadata: NonNullable<Refusal["metadata"]>,
): Refusal {
  if (ended === "canceled") {
    const why = "Cannot finish the command: the caller went away or Nomos shuts down; it was ended";
    return refuse("execution_error", why, { metadata });
  }
  const why =
    `Cannot finish the command: it ran for ${timeoutMs} ms and was ended with everything it had started`;
  return refuse("exec_timeout", why, { metadata: { ...metadata, timeout_ms: timeoutMs } });
}

function streamOf(bytes: Uint8Array, cut: boolean): RawStream {
  // Decoded as a stream that goes on, a cut text loses the beginning of a character instead of getting half of it.
  const text = decodeOutput(bytes, { cut });
  return { text, cut };
}
