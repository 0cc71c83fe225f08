import type { SandboxMode } from "./terms.ts";

/** What this installation can offer to obligations that may refuse; fixed when the engine is built. */
export interface RuntimeOffer {
  /** The strictest profile the config offers; it applies when no rule asks for one. */
  readonly sandboxProfile: SandboxMode;
  /**
   * Whether the offered profile works on this machine, and if not, what to install or set. `processLevel`: it does not,
   * and the operator takes confinement of the process alone for it, which keeps nothing from the network.
   */
  readonly sandbox:
    | { readonly available: true; readonly processLevel?: boolean }
    | { readonly available: false; readonly hint: string };
  /** Whether an exec rule with a `net_allowlist` can be honoured (`executor.sandbox_network: host`). */
  readonly execNetwork: boolean;
  /** `strict` refuses the legacy `exec_allowlist` model. */
  readonly execCompatibility: "legacy_allowlist_fallback" | "strict";
}
