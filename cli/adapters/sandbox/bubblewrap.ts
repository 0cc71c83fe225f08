import { fail, ok, type Result } from "../../../core/encoding/mod.ts";
import { builtin } from "../builtin.ts";
import type { Command } from "../processes/command.ts";
import { findProgram, isWithin } from "../processes/find_program.ts";
import { supervise } from "../processes/supervise.ts";
import { nodeFs } from "../workspace/system.ts";
import {
  type Abilities,
  bubblewrapArgs,
  type HiddenPath,
  type SystemFolder,
  type View,
} from "./bubblewrap_args.ts";
import { privatePaths, protectedPlaces } from "./hidden_paths.ts";
import { splitLoaderVariables } from "./loader_variables.ts";
import type { Sandbox, SandboxOptions, SandboxTerms } from "./sandbox.ts";

/** The system's folders that are shown, where they exist; those beginning with `/lib` too. */
const SYSTEM = ["/usr", "/bin", "/sbin", "/etc"];
/** Folders of the system in which files may lie that are not meant for everybody. */
const WITH_PRIVATE_FILES = ["/etc", "/usr/local/etc"];
/** Private files are looked for again after this many milliseconds. */
const PRIVATE_FOR_MS = 30_000;
/** Where names are looked up; often a link into a folder that is not shown. */
const RESOLVER_FILE = "/etc/resolv.conf";
/** Who a process appears to be when Nomos runs as root: nobody with a meaning. */
const PLAIN_USER = 1_000;
const TRIAL_MS = 10_000;
const TRIAL_BYTES = 4_096;

const INSTALL =
  'install the package "bubblewrap" (apt-get install bubblewrap, dnf install bubblewrap, apk add bubblewrap)';

/**
 * Opens the sandbox of Linux, bubblewrap, after having tried it.
 *
 * @returns why it does not work here, and what to do about it
 */
export async function openBubblewrap(options: SandboxOptions): Promise<Result<Sandbox, string>> {
  const { path, workspace } = options;
  if (workspace === "/") return fail("choose a workspace that is not the root of the file system");
  const program = findProgram("bwrap", { path, workspace, cwd: "/", named: false });
  if (!program.ok) return fail(INSTALL);
  const abilities = await abilitiesOf(program.value.path);
  const sandbox = new Bubblewrap(program.value.path, abilities, options);
  const trouble = await sandbox.tryOut();
  if (trouble === undefined) return ok(sandbox);
  return fail(
    `bubblewrap is installed and does not work here (${trouble}); allow unprivileged user namespaces ` +
      "(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0), or run Nomos " +
      "outside of the container that forbids them",
  );
}

async function abilitiesOf(program: string): Promise<Abilities> {
  const help = await run({ program, args: ["--help"], env: {}, cwd: "/" });
  return { size: help.includes("--size "), disableUserns: help.includes("--disable-userns ") };
}

async function run(command: Command): Promise<string> {
  const course = await supervise(command, {
    timeoutMs: TRIAL_MS,
    keepBytes: 65_536,
    signal: new AbortController().signal,
    sparesLeader: false,
  });
  return new TextDecoder().decode(course.stdout.bytes);
}

class Bubblewrap implements Sandbox {
  readonly kind = "bubblewrap";
  readonly isParent = true;
  readonly #program: string;
  readonly #abilities: Abilities;
  readonly #options: SandboxOptions;
  readonly #system: readonly SystemFolder[];
  #private: readonly HiddenPath[] = [];
  #privateUntil = -Infinity;

  constructor(program: string, abilities: Abilities, options: SandboxOptions) {
    this.#program = program;
    this.#abilities = abilities;
    this.#options = options;
    this.#system = systemFolders();
  }

  shows(path: string): boolean {
    return this.#system.some((folder) => isWithin(folder.path, path)) ||
      isWithin(this.#options.workspace, path);
  }

  confine(command: Command, terms: SandboxTerms): Command {
    const { workspace, protectedPaths } = this.#options;
    const { inside, outside } = splitLoaderVariables(command.env);
    const own = protectedPlaces(workspace, protectedPaths);
    const system = WITH_PRIVATE_FILES.flatMap((folder) =>
      protectedPlaces(folder, protectedPaths).hidden
    );
    const view: View = {
      system: this.#system,
      shown: terms.network === "host" ? resolverFile() : [],
      hidden: [...this.#privatePaths(), ...system, ...own.hidden],
      workspace,
      pinned: own.pinned,
      network: terms.network,
      cwd: terms.cwd === "" ? workspace : `${workspace}/${terms.cwd}`,
      ...(builtin("node:process").getuid?.() === 0 ? { user: PLAIN_USER } : {}),
      env: inside,
    };
    const args = [...bubblewrapArgs(view, this.#abilities), command.program, ...command.args];
    return { program: this.#program, args, env: outside, cwd: "/" };
  }

  failure(end: { exitCode: number; stdout: Uint8Array; stderr: Uint8Array }): string | undefined {
    if (end.exitCode !== 1 || end.stdout.length > 0) return undefined;
    const [line = ""] = new TextDecoder().decode(end.stderr.subarray(0, TRIAL_BYTES)).split("\n");
    return line.startsWith("bwrap: ") ? line.slice("bwrap: ".length) : undefined;
  }

  /** Runs a program that does nothing. Returns what went wrong. */
  async tryOut(): Promise<string | undefined> {
    const program = ["/usr/bin/true", "/bin/true"].find((path) => nodeFs().existsSync(path));
    if (program === undefined) return "there is no program to try it with";
    const command = this.confine(
      { program, args: [], env: {}, cwd: "/" },
      { cwd: "", network: "none" },
    );
    const course = await supervise(command, {
      timeoutMs: TRIAL_MS,
      keepBytes: TRIAL_BYTES,
      signal: new AbortController().signal,
      sparesLeader: true,
    });
    const { exitCode, stdout, stderr } = course;
    if (exitCode === 0) return undefined;
    return this.failure({ exitCode, stdout: stdout.bytes, stderr: stderr.bytes }) ??
      `a trial ended with exit code ${exitCode}`;
  }

  #privatePaths(): readonly HiddenPath[] {
    if (performance.now() >= this.#privateUntil) {
      this.#private = WITH_PRIVATE_FILES.flatMap(privatePaths);
      this.#privateUntil = performance.now() + PRIVATE_FOR_MS;
    }
    // What has gone meanwhile cannot be covered, and need not be.
    return this.#private.filter(({ path }) => nodeFs().existsSync(path));
  }
}

function systemFolders(): readonly SystemFolder[] {
  const fs = nodeFs();
  const libraries = fs.readdirSync("/").filter((name) => name.startsWith("lib")).map((name) =>
    `/${name}`
  );
  return [...SYSTEM, ...libraries].flatMap((path): readonly SystemFolder[] => {
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) return [{ kind: "link", path, target: fs.readlinkSync(path) }];
    return stat?.isDirectory() ? [{ kind: "folder", path }] : [];
  });
}

function resolverFile(): readonly string[] {
  try {
    const real = nodeFs().realpathSync.native(RESOLVER_FILE);
    return real === RESOLVER_FILE ? [] : [real];
  } catch {
    return [];
  }
}
