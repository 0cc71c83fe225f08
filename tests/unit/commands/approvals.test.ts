import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAdapters } from "../../../cli/adapters/mod.ts";
import type { AnyCommand } from "../../../commands/registry.ts";
import { COMMANDS } from "../../../commands/registry.ts";
import { type CommandContext, CommandFailure } from "../../../commands/command.ts";
import { Approvals } from "../../../core/approvals/mod.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../../core/encoding/mod.ts";
import { asIs, factsOf, ONCE } from "../core/approvals/support.ts";

/** An installation in a folder of its own. */
interface Installation {
  readonly folder: string;
  readonly config: string;
}

const BASE = {
  policy: { policy_bundle_path: "bundle.yaml" },
  audit: { sink: "sqlite:audit.db" },
  approvals: { enabled: true },
  identity: {
    principal: "developer",
    agent: "nomos",
    environment: "dev",
    api_keys: { "a-key-for-tests": "developer" },
    agent_secrets: { nomos: "a-secret-for-tests" },
  },
};

function install(more: Record<string, unknown> = {}): Installation {
  const folder = mkdtempSync(join(tmpdir(), "nomos-cli-approvals-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, "bundle.yaml"),
    "version: v1\nrules:\n  - id: none\n    action_type: fs.read\n    resource: file://workspace/x\n    decision: DENY\n",
  );
  const config = join(folder, "nomos.json");
  writeFileSync(config, JSON.stringify({ ...BASE, ...more }));
  return { folder, config };
}

/** Somebody asks for an approval, as a gateway would have it. */
async function ask({ folder }: Installation, ttlSeconds = 900): Promise<string> {
  const adapters = createAdapters();
  const approvals = await Approvals.open(
    await adapters.openDatabase(join(folder, "nomos-approvals.db")),
    { ttlSeconds, approverPrincipals: [] },
    adapters,
  );
  const facts = factsOf({
    type: "process.exec",
    resource: "file://workspace/",
    params: document('{"argv":["git","push"]}'),
  });
  const { record } = await approvals.request(facts, ONCE, asIs);
  await approvals.close();
  return record.id;
}

function document(text: string): JsonObject {
  const parsed = parseJson(text);
  if (!parsed.ok || !isJsonObject(parsed.value.value)) throw new Error(text);
  return parsed.value.value;
}

async function commandOf(words: string): Promise<AnyCommand> {
  const entry = COMMANDS.find((one) => one.words === words);
  if (entry === undefined) throw new Error(`no command ${words}`);
  return await entry.load();
}

/** Runs a command with its default options and those given. */
async function run(words: string, options: Record<string, unknown>, args: string[] = []) {
  const command = await commandOf(words);
  const defaults = Object.entries(command.options).map(([name, spec]) => [name, spec.default]);
  let out = "";
  let err = "";
  const adapters = createAdapters();
  const context: CommandContext = {
    adapters: {
      ...adapters,
      storage: {
        ...adapters.storage,
        writeStream(stream, bytes) {
          const text = new TextDecoder().decode(bytes);
          if (stream === "stdout") out += text;
          else err += text;
          return Promise.resolve();
        },
      },
    },
    terminal: {
      out: (text) => out += text,
      err: (text) => err += text,
      color: false,
      interactive: false,
      readStdin: () => Promise.resolve(new Uint8Array()),
      stdin: async function* () {},
    },
    stop: new AbortController().signal,
    openLog: () => Promise.reject(new Error("no log")),
    listen: () => Promise.reject(new Error("nobody listens")),
  };
  try {
    const code = await command.run(
      context,
      { ...Object.fromEntries(defaults), ...options },
      args,
    );
    return { code, out, err };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { code: error.exitCode, out, err: `${err}${error.message}` };
  }
}

async function auditEvents({ folder }: Installation): Promise<JsonObject[]> {
  const db = await createAdapters().openDatabase(join(folder, "audit.db"), { readOnly: true });
  const rows = await db.all("SELECT payload_json FROM audit_events ORDER BY id");
  await db.close();
  return rows.map((row) => document(String(row["payload_json"])));
}

describe("approvals on the command line", () => {
  it("are listed with who asks for what, and what would be done", async () => {
    const place = install();
    const id = await ask(place);
    const { code, out } = await run("approvals list", { config: place.config });
    expect(code).toBe(0);
    expect(out).toContain(`${id}  PENDING  expires in 15 min`);
    expect(out).toContain("asked for by  alice, agent nomos, environment dev");
    expect(out).toContain("this one action, once: process.exec file://workspace/");
    expect(out).toContain('      "git"\n      "push"');
  });

  it("are listed as JSON", async () => {
    const place = install();
    const id = await ask(place);
    const { out } = await run("approvals list", { config: place.config, format: "json" });
    expect(JSON.parse(out)).toMatchObject({
      approvals: [{
        approval_id: id,
        status: "PENDING",
        expired: false,
        principal: "alice",
        scope_type: "fingerprint",
        preview: 'process.exec file://workspace/\nargv:\n  "git"\n  "push"',
      }],
    });
  });

  it("are listed by status, and those that expired only when asked for", async () => {
    const place = install();
    const id = await ask(place);
    await run("approvals deny", { config: place.config }, [id]);
    await ask(place, -1);
    const countOf = async (status: string) => {
      const { out } = await run("approvals list", { config: place.config, status, format: "json" });
      return JSON.parse(out).approvals.length;
    };
    expect([await countOf("pending"), await countOf("denied"), await countOf("all")]).toEqual([
      0,
      1,
      2,
    ]);
  });

  it("are none where nobody asked yet, and looking creates no store", async () => {
    const place = install();
    expect(await run("approvals list", { config: place.config })).toEqual({
      code: 0,
      out: "",
      err: "no approvals\n",
    });
    expect(() => statSync(join(place.folder, "nomos-approvals.db"))).toThrow();
  });

  it("are approved by the user, and the audit says so", async () => {
    const place = install();
    const id = await ask(place);
    const { code, out, err } = await run("approvals approve", {
      config: place.config,
      comment: "ticket 42",
    }, [id]);
    expect(code).toBe(0);
    expect(err).toBe(`approved ${id}\n`);
    expect(out).toMatch(/decided by {4}\S.* \(cli\) at /);
    expect(out).toContain("comment       ticket 42");
    const events = await auditEvents(place);
    expect(events.map((event) => event["event_type"])).toContain("approval.decided");
    expect(events.find((event) => event["event_type"] === "approval.decided")).toMatchObject({
      approval_id: id,
      principal: "alice",
      decision: "ALLOW",
      executor_metadata: { channel: "cli" },
    });
  });

  it("are decided once: the same again is fine and not recorded again, the other is refused", async () => {
    const place = install();
    const id = await ask(place);
    const options = { config: place.config, as: "boss", format: "json" };
    const first = await run("approvals deny", options, [id]);
    expect(JSON.parse(first.out)).toMatchObject({
      changed: true,
      status: "DENIED",
      decided_by: "boss",
    });
    const again = await run("approvals deny", options, [id]);
    expect([again.code, JSON.parse(again.out).changed]).toEqual([0, false]);
    const other = await run("approvals approve", options, [id]);
    expect(other).toMatchObject({ code: 1, out: "" });
    expect(other.err).toContain("it is already denied");
    const decided = (await auditEvents(place)).filter((event) =>
      event["event_type"] === "approval.decided"
    );
    expect(decided).toHaveLength(1);
  });

  it("cannot be decided by who asked, nor when they expired", async () => {
    const place = install();
    const id = await ask(place);
    const self = await run("approvals approve", { config: place.config, as: "alice" }, [id]);
    expect([self.code, self.err]).toEqual([1, expect.stringContaining("the same principal")]);
    const other = install();
    const late = await ask(other, -1);
    const expired = await run("approvals approve", { config: other.config }, [late]);
    expect([expired.code, expired.err]).toEqual([1, expect.stringContaining("it expired")]);
  });

  it.each(["show", "approve", "deny"])("are unknown to %s with exit code 4", async (word) => {
    const place = install();
    expect(await run(`approvals ${word}`, { config: place.config }, ["apr_1"])).toMatchObject({
      code: 4,
    });
    await ask(place);
    expect(await run(`approvals ${word}`, { config: place.config }, ["apr_1"])).toMatchObject({
      code: 4,
    });
  });

  it("are shown whole", async () => {
    const place = install();
    const id = await ask(place);
    const text = await run("approvals show", { config: place.config }, [id]);
    expect([text.code, text.out]).toEqual([0, expect.stringContaining('"push"')]);
    const asJson = await run("approvals show", { config: place.config, format: "json" }, [id]);
    expect(JSON.parse(asJson.out)).toMatchObject({ approval_id: id });
  });

  it.each<[string, Record<string, unknown>]>([
    ["approvals are off", { approvals: { enabled: false } }],
    ["the config is wrong", { approvals: { enabled: true, nonsense: 1 } }],
  ])("cannot be used when %s", async (_, more) => {
    const place = install(more);
    expect(await run("approvals list", { config: place.config })).toMatchObject({ code: 2 });
  });

  it("are not decided when the decision could not be put on record", async () => {
    const place = install({ audit: { sink: "file:no/such/folder/audit.jsonl" } });
    const id = await ask(place);
    expect(await run("approvals approve", { config: place.config }, [id])).toMatchObject({
      code: 2,
    });
    const { out } = await run("approvals list", { config: place.config, format: "json" });
    expect(JSON.parse(out).approvals).toMatchObject([{ status: "PENDING" }]);
  });

  it("go to stderr where the audit goes to stdout, so that stdout is the result", async () => {
    const place = install({ audit: { sink: "stdout" } });
    const id = await ask(place);
    const options = { config: place.config, format: "json" };
    const { code, out, err } = await run("approvals approve", options, [id]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ approval_id: id });
    expect(err).toContain('"event_type":"approval.decided"');
  });
});
