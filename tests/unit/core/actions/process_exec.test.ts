import { describe, expect, it } from "vitest";
import { type ActionPorts, type ExecutorSettings, Permit } from "../../../../core/actions/mod.ts";
import { processExec } from "../../../../core/actions/process_exec.ts";
import { Receipt } from "../../../../core/audit/receipt.ts";
import type { JsonObject } from "../../../../core/encoding/mod.ts";
import { createLeases, type LeasableSecret } from "../../../../core/leases/mod.ts";
import type { RuntimeOffer, Terms } from "../../../../core/model/mod.ts";
import { parseTerms } from "../../../../core/obligations/mod.ts";
import type { ProcessEnd } from "../../../../core/ports/mod.ts";
import {
  countingIds,
  FakeProcesses,
  ManualClock,
  MemoryWorkspace,
} from "../../../../core/testing/mod.ts";
import { must, SETTINGS } from "../../../support/perform.ts";

const ROOT = "file://workspace/";
const TRUE: JsonObject = { argv: ["true"] };

/** The problems of params, each as `pointer: message`. */
function flaws(params: JsonObject, resource = ROOT): readonly string[] {
  const parsed = processExec.parse(params, resource, SETTINGS);
  return parsed.ok ? [] : parsed.reason.map(({ pointer, message }) => `${pointer}: ${message}`);
}

describe("params of process.exec", () => {
  it("are parsed into their typed form", () => {
    const parsed = processExec.parse(
      {
        argv: ["git", "log", "", "a b"],
        cwd: "sub\\deep/",
        env_allowlist_keys: ["PATH", "HOME", "PATH"],
        credential_lease_ids: ["lease_1", "lease_1"],
        stdin: "ü",
        timeout_ms: 30_000,
      },
      ROOT,
      SETTINGS,
    );
    expect(must(parsed)).toEqual({
      argv: ["git", "log", "", "a b"],
      cwd: "sub/deep",
      envKeys: ["PATH", "HOME"],
      leaseIds: ["lease_1"],
      stdin: new Uint8Array([0xc3, 0xbc]),
      timeoutMs: 30_000,
    });
    expect(must(processExec.parse(TRUE, ROOT, SETTINGS))).toEqual({
      argv: ["true"],
      cwd: "",
      envKeys: [],
      leaseIds: [],
    });
  });

  const BAD: readonly [string, JsonObject, string][] = [
    ["no argv", {}, "/params/argv"],
    ["an empty argv", { argv: [] }, "/params/argv"],
    ["an argv that is a text", { argv: "rm -rf /" }, "/params/argv"],
    ["an empty program", { argv: ["", "x"] }, "/params/argv"],
    ["a word that is no text", { argv: ["a", 1] }, "/params/argv"],
    ["a word with NUL", { argv: ["a", "b\0c"] }, "/params/argv"],
    ["a program with NUL", { argv: ["a\0b"] }, "/params/argv"],
    ["an unknown member", { ...TRUE, shell: true }, "/params/shell"],
    ["__proto__ as a member", JSON.parse('{"argv":["a"],"__proto__":{}}'), "/params/__proto__"],
    ["a cwd up", { ...TRUE, cwd: "../x" }, "/params/cwd"],
    ["a cwd with a dot", { ...TRUE, cwd: "./x" }, "/params/cwd"],
    ["an absolute cwd", { ...TRUE, cwd: "/etc" }, "/params/cwd"],
    ["a cwd with a drive", { ...TRUE, cwd: "C:/x" }, "/params/cwd"],
    ["a cwd with NUL", { ...TRUE, cwd: "a\0b" }, "/params/cwd"],
    ["a cwd that is no text", { ...TRUE, cwd: null }, "/params/cwd"],
    ["a variable with =", { ...TRUE, env_allowlist_keys: ["A=B"] }, "/params/env_allowlist_keys"],
    ["an empty variable", { ...TRUE, env_allowlist_keys: [""] }, "/params/env_allowlist_keys"],
    ["variables as an object", { ...TRUE, env_allowlist_keys: {} }, "/params/env_allowlist_keys"],
    ["an empty lease", { ...TRUE, credential_lease_ids: [""] }, "/params/credential_lease_ids"],
    ["stdin that is no text", { ...TRUE, stdin: 5 }, "/params/stdin"],
    ["no time", { ...TRUE, timeout_ms: 0 }, "/params/timeout_ms"],
    ["more time than configured", { ...TRUE, timeout_ms: 30_001 }, "/params/timeout_ms"],
    ["half a millisecond", { ...TRUE, timeout_ms: 1.5 }, "/params/timeout_ms"],
  ];
  for (const [what, params, pointer] of BAD) {
    it(`refuse ${what}`, () => {
      const found = flaws(params);
      expect(found.length).toBeGreaterThan(0);
      for (const flaw of found) expect(flaw.startsWith(`${pointer}: Cannot `)).toBe(true);
    });
  }

  it("tell all that is wrong at once, without echoing values", () => {
    const found = flaws({ argv: ["secret\0"], cwd: "../secret", stdin: 1, timeout_ms: -1, x: 1 });
    expect(found.length).toBe(5);
    expect(found.join()).not.toContain("secret");
  });

  it("let the process run in the resource's folder or below it", () => {
    const cwdOf = (cwd: string | undefined, resource: string) => {
      const params = cwd === undefined ? TRUE : { ...TRUE, cwd };
      const parsed = processExec.parse(params, resource, SETTINGS);
      return parsed.ok ? parsed.value.cwd : "refused";
    };
    const table: readonly [string | undefined, string, string][] = [
      [undefined, ROOT, ""],
      ["", ROOT, ""],
      [".", ROOT, ""],
      ["a/b", ROOT, "a/b"],
      [undefined, `${ROOT}a`, "a"],
      ["a", `${ROOT}a`, "a"],
      ["a/b", `${ROOT}a`, "a/b"],
      ["b", `${ROOT}a`, "refused"],
      ["ab", `${ROOT}a`, "refused"],
    ];
    for (const [cwd, resource, wish] of table) {
      expect(cwdOf(cwd, resource), `${cwd} in ${resource}`).toBe(wish);
    }
  });
});

describe("what policy judges of process.exec", () => {
  const typed = (params: JsonObject, resource = ROOT) =>
    must(processExec.parse(params, resource, SETTINGS));

  it("is the argument vector, the leases and the time", () => {
    expect(processExec.facets(typed(TRUE), ROOT)).toEqual({ argv: ["true"] });
    const all = typed({ argv: ["a"], credential_lease_ids: ["l"], timeout_ms: 5 });
    expect(processExec.facets(all, ROOT)).toEqual({ argv: ["a"], leaseIds: ["l"], timeoutMs: 5 });
  });

  it("is the folder too, which a rule may forbid", () => {
    expect(processExec.claims?.(typed(TRUE), ROOT)).toEqual([]);
    expect(processExec.claims?.(typed({ ...TRUE, cwd: "infra" }), ROOT)).toEqual([
      { type: "process.exec", resource: `${ROOT}infra`, mode: "deny_only" },
    ]);
    expect(processExec.claims?.(typed(TRUE, `${ROOT}a`), `${ROOT}a`)).toEqual([]);
  });
});

const OFFER: RuntimeOffer = {
  sandboxProfile: "local",
  sandbox: { available: true },
  execNetwork: false,
  execCompatibility: "legacy_allowlist_fallback",
};

const SECRETS: readonly LeasableSecret[] = [
  { id: "deploy", envKey: "DEPLOY_TOKEN", value: "s3cret-deploy", ttlSeconds: 60 },
];

/** What one execution may differ in. */
interface World {
  readonly terms?: Terms;
  readonly settings?: Partial<ExecutorSettings>;
  readonly end?: Partial<ProcessEnd>;
  readonly leased?: boolean;
  readonly resource?: string;
}

/** Executes as if policy had allowed it, on fakes. */
async function execute(params: JsonObject, world: World = {}) {
  const clock = new ManualClock();
  const leases = createLeases(SECRETS, { clock, ids: countingIds() });
  const who = { principal: "p", agent: "a", environment: "e" };
  const lease = must(leases.checkout("deploy", { ...who, traceId: "t" }));
  const processes = new FakeProcesses();
  if (world.end) processes.ends.push({ ...END, ...world.end });
  const resource = world.resource ?? ROOT;
  const settings = { ...SETTINGS, envAllowlist: ["PATH", "HOME"], ...world.settings };
  const sent = world.leased ? { ...params, credential_lease_ids: [lease] } : params;
  const typed = must(processExec.parse(sent, resource, settings));
  const action = {
    type: processExec,
    params: typed,
    claims: [],
    facts: {
      id: "act_1",
      traceId: "t",
      type: "process.exec",
      resource,
      params: sent,
      paramsHash: "",
      facets: processExec.facets(typed, resource),
      riskFlags: [],
      riskLevel: "high",
      identity: { ...who, method: "asserted" },
    },
  } as const;
  // Executing a process uses no other port.
  const ports = {
    settings,
    workspace: new MemoryWorkspace(),
    processes,
    leases,
    signal: new AbortController().signal,
  } as unknown as ActionPorts;
  const permit = Permit.issue(action, {
    decision: {
      verdict: "ALLOW",
      reason: "allow_by_rule",
      rules: [],
      provenance: { hash: "", sources: [], inputs: [] },
      terms: world.terms ?? {},
    },
    receipt: new Receipt(true),
    caps: { maxBytes: 1_000, maxLines: 100 },
  });
  const held = await processExec.hold?.(action, ports);
  if (!held?.handle.ok) throw new Error("nothing is held");
  const result = await processExec.execute?.(permit, ports, held.handle.value);
  if (result === undefined) throw new Error("nothing was executed");
  return { result, request: processes.ran[0], lease };
}

const END: ProcessEnd = {
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  stdoutCut: false,
  stderrCut: false,
  exitCode: 0,
  ended: "exit",
  confinement: "none",
};

const utf8 = (text: string) => new TextEncoder().encode(text);

/** The merged obligations of one rule. */
function terms(obligations: JsonObject): Terms {
  return must(parseTerms(obligations, { pointer: "", rule: "r" }));
}

describe("the environment of a process", () => {
  it("takes variables that are both asked for and allowed, by exact name", async () => {
    const asked = ["PATH", "AWS_SECRET_ACCESS_KEY", "LD_PRELOAD", "NODE_OPTIONS", "HOM", "path"];
    const { request } = await execute({ argv: ["a"], env_allowlist_keys: asked });
    expect(request?.inherit).toEqual(["PATH"]);
    expect({ ...request?.env }).toEqual({});
  });

  it("takes nothing that was not asked for", async () => {
    const { request } = await execute({ argv: ["a"] });
    expect(request?.inherit).toEqual([]);
  });

  it("takes loader variables only when the operator names them", async () => {
    const params = { argv: ["a"], env_allowlist_keys: ["LD_PRELOAD", "PATH"] };
    const settings = { envAllowlist: ["LD_PRELOAD"] };
    expect((await execute(params, { settings })).request?.inherit).toEqual(["LD_PRELOAD"]);
  });

  it("takes a leased secret only under a name that was asked for, before our own variable", async () => {
    const settings = { envAllowlist: ["DEPLOY_TOKEN"] };
    const without = await execute({ argv: ["a"] }, { leased: true });
    expect({ ...without.request?.env }).toEqual({});
    const named = await execute(
      { argv: ["a"], env_allowlist_keys: ["DEPLOY_TOKEN"] },
      { leased: true, settings },
    );
    expect({ ...named.request?.env }).toEqual({ DEPLOY_TOKEN: "s3cret-deploy" });
    expect(named.request?.inherit).toEqual([]);
  });

  it("hands the secrets on to be redacted, and names the leases", async () => {
    const { result, lease } = await execute(
      { argv: ["a"], env_allowlist_keys: ["DEPLOY_TOKEN"] },
      { leased: true },
    );
    const executed = must(result);
    expect(executed.secrets).toEqual(["s3cret-deploy"]);
    expect(executed.meta.credential_lease_ids).toEqual([lease]);
    expect(executed.metadata["env_keys"]).toEqual(["DEPLOY_TOKEN"]);
    expect(JSON.stringify(executed.metadata)).not.toContain("s3cret");
  });

  it("is not made at all with a lease that is unknown", async () => {
    const { result, request } = await execute({ argv: ["a"], credential_lease_ids: ["lease_x"] });
    expect(result).toMatchObject({ ok: false, reason: { code: "credentials_unavailable" } });
    expect(request).toBe(undefined);
  });
});

describe("the bounds of a process", () => {
  it("are the lowest of what is configured, asked for and obliged", async () => {
    const table: readonly [number | undefined, number | undefined, number][] = [
      [undefined, undefined, 30_000],
      [10, undefined, 10],
      [undefined, 20, 20],
      [10, 20, 10],
      [30, 20, 20],
      [undefined, 99_999, 30_000],
    ];
    for (const [asked, obliged, wish] of table) {
      const params = asked === undefined ? TRUE : { ...TRUE, timeout_ms: asked };
      const own = obliged === undefined ? {} : { timeout_ms: obliged };
      const { request } = await execute(params, { terms: terms(own) });
      expect(request?.timeoutMs).toBe(wish);
    }
  });

  it("keep more output than may be shown, for redaction to see what follows", async () => {
    expect((await execute(TRUE)).request?.keepBytes).toBe(1_000 + 65_536);
  });

  it("are the sandbox that rules ask for, else the one that is offered", async () => {
    const sandbox = async (own: JsonObject, offer?: RuntimeOffer) => {
      const settings = offer === undefined ? {} : { offer };
      return (await execute(TRUE, { terms: terms(own), settings })).request?.sandbox;
    };
    expect(await sandbox({}, OFFER)).toBe("local");
    expect(await sandbox({ sandbox_mode: "none" }, OFFER)).toBe("none");
    expect(await sandbox({ sandbox_mode: "local" }, { ...OFFER, sandboxProfile: "container" }))
      .toBe("container");
    expect(await sandbox({ sandbox_mode: "local" })).toBe("local");
    expect(await sandbox({})).toBe("none");
  });

  it("have a network only where a rule names hosts and the operator lets them", async () => {
    const network = async (own: JsonObject, execNetwork: boolean) => {
      const settings = { offer: { ...OFFER, execNetwork } };
      return (await execute(TRUE, { terms: terms(own), settings })).request?.network;
    };
    expect(await network({ net_allowlist: ["example.com"] }, true)).toBe("host");
    expect(await network({ net_allowlist: ["example.com"] }, false)).toBe("none");
    expect(await network({ net_allowlist: [] }, true)).toBe("none");
    expect(await network({}, true)).toBe("none");
  });
});

describe("a program in the workspace", () => {
  const NAMED: readonly [string, Terms, boolean][] = [
    ["no rule speaks of words", {}, false],
    ["a pattern has the word", { exec_constraints: [["./build", "**"]] }, true],
    ["a pattern has another word", { exec_constraints: [["make", "**"]] }, false],
    ["a pattern has a wildcard in its place", { exec_constraints: [["*", "x"]] }, false],
    ["a pattern lets everything through", { exec_constraints: [["**"]] }, false],
    ["a pattern has the word, and does not fit", { exec_constraints: [["./build", "y"]] }, false],
    ["a list has the word", { exec_allowlist: [[["./build"]]] }, true],
    ["every list has the word", { exec_allowlist: [[["./build"]], [["./build", "x"]]] }, true],
    ["one list has the word", { exec_allowlist: [[["./build"]], [["make"]]] }, false],
  ];
  for (const [when, own, wish] of NAMED) {
    it(`is ${wish ? "" : "not "}named when ${when}`, async () => {
      const { request } = await execute({ argv: ["./build", "x"] }, { terms: own });
      expect(request?.programNamed).toBe(wish);
    });
  }

  it("is not named by a wildcard that is also its name", async () => {
    for (const word of ["*", "**"]) {
      const own = { exec_constraints: [[word]] };
      const { request } = await execute({ argv: [word] }, { terms: own });
      expect(request?.programNamed).toBe(false);
    }
  });
});

describe("what comes back of a process", () => {
  it("is its output and exit code; one that is not zero is a result", async () => {
    const end = { stdout: utf8("out"), stderr: utf8("err"), exitCode: 3 };
    const executed = must((await execute(TRUE, { end })).result);
    expect(executed.streams).toEqual({
      stdout: { text: "out", cut: false },
      stderr: { text: "err", cut: false },
    });
    expect(executed.meta).toEqual({ exit_code: 3 });
    expect(executed.metadata).toMatchObject({ exit_code: 3, confinement: "none", cwd: "" });
  });

  it("is text, whatever the bytes were, and never half a character", async () => {
    const end = { stdout: utf8("aü").subarray(0, 2), stdoutCut: true, stderr: Uint8Array.of(0xff) };
    const executed = must((await execute(TRUE, { end })).result);
    expect(executed.streams.stdout).toEqual({ text: "a", cut: true });
    expect(executed.streams.stderr).toEqual({ text: "\ufffd", cut: false });
  });

  it("is a refusal when its time was over, with no output", async () => {
    const end: Partial<ProcessEnd> = { stdout: utf8("part"), exitCode: 143, ended: "timeout" };
    const { result } = await execute({ ...TRUE, timeout_ms: 7 }, { end });
    expect(result).toMatchObject({
      ok: false,
      reason: { code: "exec_timeout", metadata: { timeout_ms: 7, exit_code: 143 } },
    });
    expect(JSON.stringify(result)).not.toContain("part");
  });

  it("is a refusal when the caller went away", async () => {
    const { result } = await execute(TRUE, { end: { ended: "canceled", exitCode: 143 } });
    expect(result).toMatchObject({ ok: false, reason: { code: "execution_error" } });
  });
});

it("process.exec is the tool that agents know as run_command", () => {
  expect(processExec.tool).toMatchObject({ name: "nomos_exec", alias: "run_command" });
  expect(processExec.risk).toEqual(["risk.exec"]);
});
