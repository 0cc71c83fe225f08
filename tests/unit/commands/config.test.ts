import { describe, expect, it, onTestFinished } from "vitest";
import { createAdapters } from "../../../cli/adapters/mod.ts";
import { type CommandContext, CommandFailure } from "../../../commands/command.ts";
import { type AnyCommand, COMMANDS } from "../../../commands/registry.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { environmentOf, MINIMAL, patched } from "../core/config/fixture.ts";

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Call {
  readonly config?: unknown;
  readonly variables?: Record<string, string>;
  readonly options?: Record<string, unknown>;
}

/** Runs a command on a config in a folder of its own; a failure is told like the program tells it. */
async function run(words: string, { config, variables, options }: Call = {}): Promise<Ran> {
  const folder = new TempFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const text = typeof config === "string" ? config : JSON.stringify(patched(MINIMAL, config ?? {}));
  const path = folder.write("nomos.json", text);
  folder.write(
    "bundle.yaml",
    "version: v1\nrules:\n  - { id: r, action_type: fs.read, resource: file://workspace/a, decision: DENY }\n",
  );
  const command: AnyCommand | undefined = await COMMANDS.find((entry) => entry.words === words)
    ?.load();
  if (command === undefined) throw new Error(`no command ${words}`);
  let out = "";
  let err = "";
  const context: CommandContext = {
    terminal: {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      color: false,
      interactive: false,
      readStdin: () => Promise.resolve(new Uint8Array()),
      stdin: async function* () {},
    },
    adapters: { ...createAdapters(), environment: environmentOf(variables) },
    stop: new AbortController().signal,
    openLog: () => Promise.reject(new Error("no log")),
    listen: () => Promise.reject(Object.assign(new Error("in use"), { code: "EADDRINUSE" })),
  };
  const given = { config: path, format: "text", strict: false, bundle: undefined, ...options };
  try {
    return { code: await command.run(context, given, []), out, err };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { code: error.exitCode, out, err: `${err}${error.message}\n` };
  }
}

describe("nomos config check", () => {
  it("says that a config is good", async () => {
    const { code, out, err } = await run("config check");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/nomos\.json: ok\n$/);
  });

  it("lists every problem with its place and ends with 2", async () => {
    const { code, out, err } = await run("config check", {
      config: '{\n  "gatway": {},\n  "policy": { "policy_bundle_path": 7 }\n}',
    });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    const lines = err.trimEnd().split("\n");
    expect(lines.some((line) => /nomos\.json:2:3: \/gatway: .*expected "gateway"/.test(line)))
      .toBe(true);
    expect(lines.some((line) => /nomos\.json:3:15: \/policy\/policy_bundle_path: /.test(line)))
      .toBe(true);
  });

  it("notes what is not in this version, and warns of variables, without failing", async () => {
    const { code, err } = await run("config check", {
      config: { telemetry: { enabled: true } },
      variables: { NOMOS_MISSPELT: "1" },
    });
    expect(code).toBe(0);
    expect(err).toContain("note: /telemetry/enabled: telemetry is not in this version");
    expect(err).toContain("warning: The variable NOMOS_MISSPELT sets nothing");
  });
});

describe("nomos config show", () => {
  it("has a line for each key, with its source, and no secret", async () => {
    const { code, out } = await run("config show", {
      variables: { NOMOS_GATEWAY_LISTEN: "127.0.0.1:9" },
    });
    expect(code).toBe(0);
    expect(out).toMatch(/^gateway\.listen +"127\.0\.0\.1:9" +NOMOS_GATEWAY_LISTEN$/m);
    expect(out).toMatch(/^identity\.principal +"system" +file$/m);
    expect(out).toMatch(/^identity\.api_keys\.\*\*\* +"system" +file$/m);
    expect(out).toMatch(/^identity\.agent_secrets\.nomos +"\*\*\*" +file$/m);
    expect(out).not.toContain("dev-api-key");
    expect(out).not.toContain("dev-agent-secret");
  });

  it("is one document as JSON", async () => {
    const { out } = await run("config show", {
      options: { format: "json", bundle: "/other.yaml" },
    });
    const document = JSON.parse(out);
    expect(document.config.policy.policy_bundle_path).toBe("/other.yaml");
    expect(document.sources["/policy/policy_bundle_path"]).toBe("--policy-bundle");
    expect(document.sources["/gateway/listen"]).toBe("default");
    expect(document.path).toMatch(/nomos\.json$/);
    expect(out).not.toContain("dev-api-key");
  });
});

describe("nomos config schema", () => {
  it("prints the schema that is published", async () => {
    const { out } = await run("config schema");
    expect(JSON.parse(out)).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      properties: { gateway: { type: "object" } },
    });
  });
});

describe("nomos doctor", () => {
  it("ends with 0 when ready, with a line for each check", async () => {
    const { code, out } = await run("doctor");
    expect(code).toBe(0);
    expect(out).toMatch(/^PASS {2}policy\.bundle_parses +the policy has 1 rule$/m);
    expect(out).toMatch(/^WARN {2}gateway\.port_free .*another process listens there$/m);
    expect(out).toMatch(/^Result: READY \(/m);
  });

  it("ends with 1 when not ready, and when strict about warnings", async () => {
    expect((await run("doctor", { config: { executor: { workspace_root: "none" } } })).code).toBe(
      1,
    );
    expect((await run("doctor", { options: { strict: true } })).code).toBe(1);
    expect((await run("doctor", { config: "{" })).code).toBe(1);
  });

  it("is one document as JSON", async () => {
    const { out } = await run("doctor", { options: { format: "json" } });
    expect(JSON.parse(out)).toMatchObject({
      overall_status: "READY",
      assurance_level: "BEST_EFFORT",
    });
  });

  it("looks at the bundle that is named", async () => {
    const { code, out } = await run("doctor", { options: { bundle: "/no/such.yaml" } });
    expect(code).toBe(1);
    expect(out).toContain("no such file: /no/such.yaml");
  });
});
