import { fail, type Result } from "../../../core/encoding/mod.ts";
import type { SandboxProbe } from "../../../core/ports/mod.ts";
import { builtin } from "../builtin.ts";
import { nodeFs } from "../workspace/system.ts";
import { probeContainer } from "./container.ts";
import { reachesInternet } from "./reach.ts";
import type { Sandbox, SandboxOptions } from "./sandbox.ts";

export type { Sandbox, SandboxOptions } from "./sandbox.ts";

/**
 * Opens the `local` sandbox of this system, tried and working.
 *
 * @returns why there is none, and what to do about it
 */
export async function openSandbox(options: SandboxOptions): Promise<Result<Sandbox, string>> {
  switch (builtin("node:process").platform) {
    case "linux":
      return await (await import("./bubblewrap.ts")).openBubblewrap(options);
    case "darwin":
      return await (await import("./seatbelt.ts")).openSeatbelt(options);
    default:
      return fail(
        'this system has none; set executor.sandbox_local_fallback: "process" to accept process-level confinement',
      );
  }
}

/**
 * Tells whether a confinement profile works on this machine, by trying it.
 *
 * @param options where to look the sandbox's program up, and the workspace it is to hold; our own PATH and the
 *   system's temporary folder unless said
 *
 * @example
 * ```ts
 * const probe = await probeSandbox("local");
 * if (!probe.available) console.error(probe.hint);
 * ```
 */
export async function probeSandbox(
  profile: "local" | "container",
  options: { readonly path?: string; readonly workspaceRoot?: string } = {},
): Promise<SandboxProbe> {
  if (profile === "container") {
    return await probeContainer({ read: readText, reachesOut: reachesInternet });
  }
  const { env } = builtin("node:process");
  const sandbox = await openSandbox({
    path: options.path ?? env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    workspace: realPath(options.workspaceRoot) ?? realPath(builtin("node:os").tmpdir()) ?? "/",
    protectedPaths: [],
  });
  return sandbox.ok
    ? { available: true, detail: `${sandbox.value.kind} confines processes` }
    : { available: false, hint: sandbox.reason };
}

/** The path without symlinks; `undefined` where there is nothing. */
function realPath(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : nodeFs().realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return nodeFs().readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
