import { echo, fail, ok, type Result } from "../../core/encoding/mod.ts";
import { type Refusal, refuse } from "../../core/model/mod.ts";
import type {
  Confinement,
  ProcessEnd,
  ProcessOptions,
  ProcessRequest,
  ProcessRunner,
} from "../../core/ports/mod.ts";
import { builtin } from "./builtin.ts";
import type { Command } from "./processes/command.ts";
import { failedStart } from "./processes/launch.ts";
import { environmentOf } from "./processes/environment.ts";
import { findProgram, type Program, refuseStart } from "./processes/find_program.ts";
import { type Course, supervise } from "./processes/supervise.ts";
import { openSandbox, probeSandbox, type Sandbox } from "./sandbox/mod.ts";
import { nodeFs } from "./workspace/system.ts";

/**
 * Opens the process runner of this machine. A sandbox is opened when the first process asks for it.
 *
 * @throws the system's error when the workspace does not exist
 */
// deno-lint-ignore require-await -- a fault is a rejection, like everywhere else
export async function openProcesses(options: ProcessOptions): Promise<ProcessRunner> {
  return new HostProcesses(options);
}

/** A confinement that was found to work. */
interface Confined {
  readonly kind: Confinement;
  /** Absent where nothing has to be done to a command. */
  readonly sandbox?: Sandbox;
}

class HostProcesses implements ProcessRunner {
  readonly #options: ProcessOptions;
  /** Real path of the workspace. */
  readonly #workspace: string;
  readonly #opened = new Map<ProcessRequest["sandbox"], Promise<Result<Confined, string>>>();

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.#workspace = nodeFs().realpathSync.native(options.workspaceRoot);
  }

  async run(request: ProcessRequest): Promise<Result<ProcessEnd, Refusal>> {
    const confined = await this.#confinement(request.sandbox);
    if (!confined.ok) return fail(refuseSandbox(request.sandbox, confined.reason));
    const { kind, sandbox } = confined.value;
    if (request.signal.aborted) return ok({ ...NOT_STARTED, confinement: kind });
    const program = this.#findProgram(request, sandbox);
    if (!program.ok) return program;
    const command = this.#command(request, program.value, sandbox);
    if (!command.ok) return command;
    let course: Course;
    try {
      course = await supervise(command.value, {
        ...request,
        sparesLeader: sandbox?.isParent ?? false,
      });
    } catch (error) {
      return fail(refuseStart(request.argv[0] ?? "", error));
    }
    return endOf(course, {
      request,
      program: command.value.program,
      confined: confined.value,
      workspace: this.#workspace,
    });
  }

  #findProgram(request: ProcessRequest, sandbox: Sandbox | undefined): Result<Program, Refusal> {
    const [name = ""] = request.argv;
    const program = findProgram(name, {
      path: this.#options.path,
      workspace: this.#workspace,
      cwd: builtin("node:path").join(this.#workspace, request.cwd.resolvedPath),
      named: request.programNamed,
    });
    if (!program.ok || sandbox === undefined) return program;
    const { path, real } = program.value;
    if (sandbox.shows(path) && sandbox.shows(real)) return program;
    const why =
      `Cannot run "${echo(name)}": it lies outside of what the sandbox shows, expected a program ` +
      "of the system (/usr, /bin, /sbin)";
    return fail(refuse("not_found", why));
  }

  #command(
    request: ProcessRequest,
    program: Program,
    sandbox: Sandbox | undefined,
  ): Result<Command, Refusal> {
    const env = environmentOf(request);
    if (!env.ok) return env;
    const command: Command = {
      program: program.path,
      args: request.argv.slice(1),
      env: env.value,
      cwd: request.cwd.startPath,
    };
    if (sandbox === undefined) return ok(command);
    const { network, cwd: { resolvedPath: cwd } } = request;
    return ok(sandbox.confine(command, { cwd, network }));
  }

  async #confinement(profile: ProcessRequest["sandbox"]): Promise<Result<Confined, string>> {
    const opening = this.#opened.get(profile) ?? this.#open(profile);
    this.#opened.set(profile, opening);
    const opened = await opening;
    // What does not work now may work once something was installed.
    if (!opened.ok) this.#opened.delete(profile);
    return opened;
  }

  async #open(profile: ProcessRequest["sandbox"]): Promise<Result<Confined, string>> {
    if (profile === "none") return ok({ kind: "none" });
    if (profile === "container") {
      const probe = await probeSandbox("container");
      return probe.available ? ok({ kind: "container" }) : fail(probe.hint);
    }
    const { path, protectedPaths, localFallback } = this.#options;
    const sandbox = await openSandbox({ path, protectedPaths, workspace: this.#workspace });
    if (sandbox.ok) return ok({ kind: sandbox.value.kind, sandbox: sandbox.value });
    return localFallback === "process" ? ok({ kind: "process" }) : sandbox;
  }
}

const NOT_STARTED = {
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  stdoutCut: false,
  stderrCut: false,
  exitCode: 143,
  ended: "canceled",
} as const;

/** What a finished run means to the one who asked. */
interface Judged {
  readonly request: ProcessRequest;
  /** What was started: the program, or what confines it. */
  readonly program: string;
  readonly confined: Confined;
  readonly workspace: string;
}

function endOf(course: Course, judged: Judged): Result<ProcessEnd, Refusal> {
  const { kind } = judged.confined;
  const { ended, exitCode, stdout, stderr } = course;
  const name = echo(judged.request.argv[0] ?? "");
  if (!course.clean) {
    const message = `Cannot end everything that "${name}" has started: some processes live on`;
    return fail(refuse("execution_error", message));
  }
  const failure = failureOf(course, judged);
  if (failure !== undefined) {
    return fail(refuse("execution_error", `Cannot run "${name}": ${failure}`));
  }
  return ok({
    stdout: stdout.bytes,
    stderr: stderr.bytes,
    stdoutCut: stdout.cut,
    stderrCut: stderr.cut,
    exitCode,
    ended,
    confinement: kind,
  });
}

/** Why nothing was run after all, without telling where the workspace is. */
function failureOf(course: Course, judged: Judged): string | undefined {
  if (course.ended !== "exit") return undefined;
  const end = {
    exitCode: course.exitCode,
    stdout: course.stdout.bytes,
    stderr: course.stderr.bytes,
  };
  const failure = failedStart(judged.program, end) ?? judged.confined.sandbox?.failure(end);
  // Whoever was run may have made it up: what is told of it is short, whatever the caps of its output are.
  return failure === undefined
    ? undefined
    : echo(failure.replaceAll(judged.workspace, "<workspace>"));
}

function refuseSandbox(profile: ProcessRequest["sandbox"], hint: string): Refusal {
  return refuse(
    "sandbox_required",
    `Cannot run process.exec: sandbox "${profile}" does not work on this machine; ${hint}`,
  );
}
