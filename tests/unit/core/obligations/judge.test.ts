import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../../core/encoding/mod.ts";
import type { ActionFacts, RuntimeOffer, SandboxMode } from "../../../../core/model/mod.ts";
import {
  effectiveSandbox,
  judgeObligations,
  parseTerms,
} from "../../../../core/obligations/mod.ts";
import { action, command, request } from "../policy/support.ts";

function offer(sandboxProfile: SandboxMode, more: Partial<RuntimeOffer> = {}): RuntimeOffer {
  return {
    sandboxProfile,
    sandbox: { available: true },
    execNetwork: false,
    execCompatibility: "legacy_allowlist_fallback",
    ...more,
  };
}

const BROKEN = { sandbox: { available: false, hint: "install bubblewrap" } } as const;

function judge(
  facts: ActionFacts,
  obligations: JsonValue,
  runtime: RuntimeOffer | undefined = offer("none"),
) {
  const terms = parseTerms(obligations, { pointer: "", rule: "r" });
  if (!terms.ok) throw new Error(JSON.stringify(terms.reason));
  return judgeObligations({ facts, terms: terms.value, offer: runtime });
}

const write = action({ type: "fs.write" });

describe("sandbox_mode", () => {
  it.each<[string, ActionFacts, JsonValue, RuntimeOffer, string | undefined]>([
    ["no wish and no offer", command("git"), {}, offer("none"), undefined],
    ["no wish takes what is offered", command("git"), {}, offer("local"), undefined],
    [
      "no wish, but the offered one is broken",
      command("git"),
      {},
      offer("local", BROKEN),
      "sandbox_required",
    ],
    [
      "a wish for none needs nothing",
      command("git"),
      { sandbox_mode: "none" },
      offer("local", BROKEN),
      undefined,
    ],
    [
      "more than is offered",
      command("git"),
      { sandbox_mode: "local" },
      offer("none"),
      "sandbox_required",
    ],
    [
      "much more than is offered",
      command("git"),
      { sandbox_mode: "container" },
      offer("local"),
      "sandbox_required",
    ],
    [
      "exactly what is offered",
      command("git"),
      { sandbox_mode: "local" },
      offer("local"),
      undefined,
    ],
    [
      "less than is offered",
      command("git"),
      { sandbox_mode: "local" },
      offer("container"),
      undefined,
    ],
    [
      "the offered one is broken",
      command("git"),
      { sandbox_mode: "local" },
      offer("local", BROKEN),
      "sandbox_required",
    ],
    [
      "files are local without a sandbox",
      write,
      { sandbox_mode: "local" },
      offer("none"),
      undefined,
    ],
    [
      "patches are local without a sandbox",
      action({ type: "repo.apply_patch" }),
      { sandbox_mode: "local" },
      offer("none"),
      undefined,
    ],
    [
      "files in a container",
      write,
      { sandbox_mode: "container" },
      offer("local"),
      "sandbox_required",
    ],
    ["files do not care for a broken offer", write, {}, offer("local", BROKEN), undefined],
    [
      "other types are not local by themselves",
      action({ type: "payments.refund" }),
      { sandbox_mode: "local" },
      offer("none"),
      "sandbox_required",
    ],
    [
      "other types do not ask by themselves",
      action({ type: "payments.refund" }),
      {},
      offer("local", BROKEN),
      undefined,
    ],
  ])("%s", (_, facts, obligations, runtime, wanted) => {
    expect(judge(facts, obligations, runtime)?.code).toBe(wanted);
  });

  it("says what to install or set", () => {
    expect(judge(command("git"), { sandbox_mode: "local" })?.message).toContain(
      "executor.sandbox_enabled: true",
    );
    expect(judge(command("git"), { sandbox_mode: "container" })?.message).toContain(
      "runtime.evidence",
    );
    expect(judge(command("git"), {}, offer("local", BROKEN))?.message).toContain(
      "install bubblewrap",
    );
  });

  it("is not judged where nobody knows what is offered", () => {
    expect(
      judgeObligations({
        facts: command("git"),
        terms: { sandbox_mode: "container" },
        offer: undefined,
      }),
    )
      .toBeUndefined();
  });

  it.each<[SandboxMode | undefined, SandboxMode, SandboxMode]>([
    [undefined, "local", "local"],
    ["none", "local", "none"],
    ["local", "container", "container"],
    ["container", "container", "container"],
  ])("asked %s, offered %s: runs in %s", (asked, offered, wanted) => {
    const terms = asked === undefined ? {} : { sandbox_mode: asked };
    expect(effectiveSandbox(terms, offer(offered))).toBe(wanted);
  });
});

describe("net_allowlist", () => {
  it.each<[string, ActionFacts, JsonValue, string | undefined]>([
    ["no list at all", request("a.com"), {}, "net_not_allowlisted"],
    ["an empty list", request("a.com"), { net_allowlist: [] }, "net_not_allowlisted"],
    ["a listed host", request("a.com"), { net_allowlist: ["a.com"] }, undefined],
    ["another host", request("b.com"), { net_allowlist: ["a.com"] }, "net_not_allowlisted"],
    [
      "another port",
      request("a.com", { port: 8443 }),
      { net_allowlist: ["a.com"] },
      "net_not_allowlisted",
    ],
    [
      "plain HTTP",
      request("a.com", { scheme: "http" }),
      { net_allowlist: ["a.com"] },
      "net_not_allowlisted",
    ],
    ["plain HTTP that is listed", request("a.com", { scheme: "http" }), {
      net_allowlist: ["http://a.com"],
    }, undefined],
    ["a file", action(), {}, undefined],
  ])("%s", (_, facts, obligations, wanted) => {
    expect(judge(facts, obligations)?.code).toBe(wanted);
  });

  it("says what to write", () => {
    expect(judge(request("a.com"), {})?.message).toContain('net_allowlist: ["a.com"]');
    expect(judge(request("a.com", { scheme: "http" }), { net_allowlist: ["a.com"] })?.message)
      .toContain('expected "http://a.com"');
    expect(judge(request("a.com", { port: 8443 }), { net_allowlist: ["b.com"] })?.message)
      .toContain('"a.com:8443"');
  });

  it.each<[string, JsonValue, RuntimeOffer, string | undefined]>([
    [
      "cannot be enforced on a process",
      { net_allowlist: ["a.com"] },
      offer("local"),
      "sandbox_required",
    ],
    [
      "is the operator's to give up",
      { net_allowlist: ["a.com"] },
      offer("local", { execNetwork: true }),
      undefined,
    ],
    [
      "that is empty is met by a sandbox without network",
      { net_allowlist: [] },
      offer("local"),
      undefined,
    ],
    [
      "that is empty is not met without a sandbox",
      { net_allowlist: [] },
      offer("none"),
      "sandbox_required",
    ],
    [
      "that is empty is not met where a process-level confinement stands in for the sandbox",
      { net_allowlist: [] },
      offer("local", { sandbox: { available: true, processLevel: true } }),
      "sandbox_required",
    ],
    [
      "that is empty is not met without a sandbox, whatever the operator gave up",
      { net_allowlist: [] },
      offer("none", { execNetwork: true }),
      "sandbox_required",
    ],
    [
      "that is empty is met by a sandbox, whatever network others get",
      { net_allowlist: [] },
      offer("local", { execNetwork: true }),
      undefined,
    ],
  ])("%s", (_, obligations, runtime, wanted) => {
    expect(judge(command("curl"), obligations, runtime)?.code).toBe(wanted);
  });
});

describe("exec obligations", () => {
  it.each<[string, ActionFacts, JsonValue, string | undefined]>([
    ["a listed prefix", command("git", "status"), { exec_allowlist: [["git"]] }, undefined],
    ["another command", command("rm"), { exec_allowlist: [["git"]] }, "exec_not_allowlisted"],
    [
      "only part of a prefix",
      command("git"),
      { exec_allowlist: [["git", "status"]] },
      "exec_not_allowlisted",
    ],
    ["an empty list", command("git"), { exec_allowlist: [] }, "exec_not_allowlisted"],
    ["no command at all", action(), { exec_allowlist: [["git"]] }, undefined],
  ])("exec_allowlist: %s", (_, facts, obligations, wanted) => {
    expect(judge(facts, obligations)?.code).toBe(wanted);
  });

  it("refuses the legacy model where strict is demanded", () => {
    const strict = offer("none", { execCompatibility: "strict" });
    expect(judge(command("git"), { exec_allowlist: [["git"]] }, strict)?.code).toBe(
      "exec_legacy_mode_disabled",
    );
  });

  it("checks argv against what was derived from the rules", () => {
    const terms = { exec_constraints: [["git", "status"]] };
    const judged = (facts: ActionFacts) =>
      judgeObligations({ facts, terms, offer: offer("none") })?.code;
    expect(judged(command("git", "status"))).toBeUndefined();
    expect(judged(command("git", "push"))).toBe("exec_constraint_violation");
    expect(judged(action({ type: "process.exec" }))).toBe("exec_constraint_violation");
  });

  it("names what policy says before what the machine lacks", () => {
    const refusal = judge(command("rm"), { exec_allowlist: [["git"]], sandbox_mode: "container" });
    expect(refusal?.code).toBe("exec_not_allowlisted");
  });

  it("never repeats arguments, which may hold secrets", () => {
    const refusal = judge(command("curl", "-H", "Authorization: token"), {
      exec_allowlist: [["git"]],
    });
    expect(refusal?.message).not.toContain("Authorization");
  });
});
