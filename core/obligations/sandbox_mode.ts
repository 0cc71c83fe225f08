import { isJsonArray, type JsonValue, ok } from "../encoding/mod.ts";
import { type Refusal, refuse, SANDBOX_MODES, type SandboxMode, type Terms } from "../model/mod.ts";
import type { RuntimeOffer } from "../model/mod.ts";
import type { JudgeContext, Obligation, ObligationPlace } from "./obligation.ts";
import { listWords, type Parsed, parseWord, unfit } from "./values.ts";

/** Which confinement an action must run in. */
export const sandboxMode: Obligation<"sandbox_mode"> = {
  name: "sandbox_mode",
  summary: "Runs the action only under this confinement or a stricter one.",
  typeText: "`none`, `local` or `container`, or a list of them (the strictest counts)",
  mergeText: "the strictest",
  acts: "before",
  schema: {
    anyOf: [
      { enum: SANDBOX_MODES },
      { type: "array", items: { enum: SANDBOX_MODES }, minItems: 1 },
    ],
  },
  parse,
  merge: stricter,
  toJson: (mode) => mode,
  judge,
};

/** The confinement an action runs in: what its rules ask for, else what the installation offers. */
export function effectiveSandbox(terms: Terms, offer: RuntimeOffer): SandboxMode {
  const asked = terms.sandbox_mode;
  if (asked === undefined) return offer.sandboxProfile;
  // What is offered may be stricter than what is asked for; it is the only confinement there is.
  return asked === "none" ? "none" : stricter(asked, offer.sandboxProfile);
}

function parse(value: JsonValue, at: ObligationPlace): Parsed<SandboxMode> {
  if (!isJsonArray(value)) return parseWord(value, at, SANDBOX_MODES);
  if (value.length === 0) return unfit(value, at, `${listWords(SANDBOX_MODES)}, or a list of them`);
  let strictest: SandboxMode = "none";
  for (const [i, item] of value.entries()) {
    const mode = parseWord(item, { ...at, pointer: `${at.pointer}/${i}` }, SANDBOX_MODES);
    if (!mode.ok) return mode;
    strictest = stricter(strictest, mode.value);
  }
  return ok(strictest);
}

function rank(mode: SandboxMode): number {
  return SANDBOX_MODES.indexOf(mode);
}

function stricter(a: SandboxMode, b: SandboxMode): SandboxMode {
  return rank(a) >= rank(b) ? a : b;
}

/** Types whose executor keeps to the workspace by itself: for them `local` is met without a sandbox proper. */
const CONFINED_BY_EXECUTOR: ReadonlySet<string> = new Set([
  "fs.read",
  "fs.write",
  "repo.apply_patch",
]);

function judge({ facts, terms, offer }: JudgeContext): Refusal | undefined {
  if (offer === undefined) return undefined;
  // Only a process runs under the offered profile without being asked to.
  const wanted = facts.type === "process.exec"
    ? effectiveSandbox(terms, offer)
    : terms.sandbox_mode ?? "none";
  if (wanted === "none") return undefined;
  if (wanted === "local" && CONFINED_BY_EXECUTOR.has(facts.type)) return undefined;
  if (rank(wanted) > rank(offer.sandboxProfile)) return notOffered(facts.type, wanted, offer);
  return offer.sandbox.available ? undefined : notAvailable(facts.type, offer.sandbox.hint, offer);
}

function notOffered(type: string, wanted: SandboxMode, offer: RuntimeOffer): Refusal {
  const message =
    `Cannot run ${type}: policy wants sandbox "${wanted}", this installation offers ` +
    `"${offer.sandboxProfile}"; ${HOW_TO_OFFER[wanted]}`;
  return refuse("sandbox_required", message);
}

const HOW_TO_OFFER: Readonly<Record<SandboxMode, string>> = {
  none: "",
  local:
    'set executor.sandbox_enabled: true (sandbox_profile: "local") and install what doctor names ' +
    "(on Linux: bubblewrap)",
  container:
    'run Nomos in a hardened container, set executor.sandbox_profile: "container" and the five runtime.evidence members',
};

function notAvailable(type: string, hint: string, offer: RuntimeOffer): Refusal {
  const message =
    `Cannot run ${type}: sandbox "${offer.sandboxProfile}" is configured, but does not work on this machine; ${hint}`;
  return refuse("sandbox_required", message);
}
