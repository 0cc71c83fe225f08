import { fail, ok, type Result } from "../../../core/encoding/mod.ts";
import type { Command } from "../processes/command.ts";
import { isExecutable, isWithin } from "../processes/find_program.ts";
import { supervise } from "../processes/supervise.ts";
import { protectedPlaces } from "./hidden_paths.ts";
import { splitLoaderVariables } from "./loader_variables.ts";
import type { Sandbox, SandboxOptions, SandboxTerms } from "./sandbox.ts";
import { seatbeltProfile } from "./seatbelt_profile.ts";

const PROGRAM = "/usr/bin/sandbox-exec";
const SHOWN = ["/usr", "/bin", "/sbin", "/System", "/Library/Developer/CommandLineTools"];
const TRIAL_MS = 10_000;
const TRIAL_BYTES = 4_096;

/**
 * Opens the sandbox of macOS after having tried it.
 *
 * @returns why it does not work here
 */
export async function openSeatbelt(options: SandboxOptions): Promise<Result<Sandbox, string>> {
  if (!isExecutable(PROGRAM)) return fail(`${PROGRAM} is missing; macOS brings it along`);
  const sandbox = new Seatbelt(options);
  const command = sandbox.confine(
    { program: "/usr/bin/true", args: [], env: {}, cwd: "/" },
    { cwd: "", network: "none" },
  );
  const { exitCode } = await supervise(command, {
    timeoutMs: TRIAL_MS,
    keepBytes: TRIAL_BYTES,
    signal: new AbortController().signal,
    sparesLeader: false,
  });
  return exitCode === 0
    ? ok(sandbox)
    : fail(`${PROGRAM} does not work here: a trial ended with exit code ${exitCode}`);
}

class Seatbelt implements Sandbox {
  readonly kind = "seatbelt";
  /** It becomes the program it confines. */
  readonly isParent = false;
  readonly #options: SandboxOptions;

  constructor(options: SandboxOptions) {
    this.#options = options;
  }

  shows(path: string): boolean {
    return [...SHOWN, this.#options.workspace].some((folder) => isWithin(folder, path));
  }

  confine(command: Command, terms: SandboxTerms): Command {
    const { workspace, protectedPaths } = this.#options;
    const { hidden } = protectedPlaces(workspace, protectedPaths);
    const profile = seatbeltProfile({
      workspace,
      hidden: hidden.map(({ path }) => path),
      network: terms.network,
    });
    const { inside, outside } = splitLoaderVariables(command.env);
    const handedOn = Object.entries(inside).map(([name, value]) => `${name}=${value}`);
    const run = handedOn.length === 0
      ? [command.program]
      : ["/usr/bin/env", ...handedOn, command.program];
    return {
      program: PROGRAM,
      args: ["-p", profile, ...run, ...command.args],
      env: outside,
      cwd: command.cwd,
    };
  }

  failure(end: { exitCode: number; stderr: Uint8Array }): string | undefined {
    if (end.exitCode !== 71 && end.exitCode !== 65) return undefined;
    const [line = ""] = new TextDecoder().decode(end.stderr.subarray(0, TRIAL_BYTES)).split("\n");
    return line.startsWith("sandbox-exec: ") ? line.slice("sandbox-exec: ".length) : undefined;
  }
}
