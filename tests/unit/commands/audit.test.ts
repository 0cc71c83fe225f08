import { generateKeyPairSync } from "node:crypto";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createAdapters } from "../../../cli/adapters/mod.ts";
import { auditExport } from "../../../commands/audit_export.ts";
import { auditShow } from "../../../commands/audit_show.ts";
import { auditTail } from "../../../commands/audit_tail.ts";
import { auditVerify } from "../../../commands/audit_verify.ts";
import {
  type Command,
  type CommandContext,
  CommandFailure,
  type OptionSpec,
} from "../../../commands/command.ts";
import { decision, openTestRecorder, parsedLines, temporaryFolder } from "../../support/audit.ts";

const pair = generateKeyPairSync("ed25519");
const signingKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command as the command line does: options that are not given have their defaults. */
async function run<S extends Readonly<Record<string, OptionSpec>>>(
  command: Command<S>,
  args: readonly string[],
  given: Record<string, unknown> = {},
  stdin = "",
): Promise<Ran> {
  let out = "";
  let err = "";
  const context: CommandContext = {
    terminal: {
      out: (text) => out += text,
      err: (text) => err += text,
      color: false,
      interactive: false,
      readStdin: () => Promise.resolve(new TextEncoder().encode(stdin)),
      stdin: async function* () {
        yield await Promise.resolve(new TextEncoder().encode(stdin));
      },
    },
    adapters: createAdapters(),
    stop: new AbortController().signal,
    openLog: () => Promise.reject(new Error("no log")),
    listen: () => Promise.reject(new Error("no listener")),
  };
  const defaults = Object.entries(command.options).map(([name, spec]) => [name, spec.default]);
  const options = { ...Object.fromEntries(defaults), ...given };
  const code = await command.run(context, options as Parameters<typeof command.run>[1], args);
  return { code, out, err };
}

/** Three decisions and a signed checkpoint, in a file and a database. */
async function makeLogs(): Promise<{ folder: string; file: string; database: string }> {
  const folder = temporaryFolder();
  const file = join(folder, "audit.jsonl");
  const database = join(folder, "audit.db");
  const recorder = await openTestRecorder(`file:${file},sqlite:${database}`, createAdapters(), {
    signingKey,
  });
  await recorder.record([decision("a"), decision("b", { decision: "DENY", reason: "deny\u202e" })]);
  await recorder.record([decision("c", { trace_id: "trace_2", policy_bundle_hash: "ff" })]);
  await recorder.close();
  return { folder, file, database };
}

describe("nomos audit verify", () => {
  it("tells the kind of a log by its content, and finds it intact", async () => {
    const { folder, file, database } = await makeLogs();
    const renamed = join(folder, "log");
    copyFileSync(database, renamed);
    for (const path of [file, database, renamed, `sqlite:${database}`, `file:${file}`]) {
      const { code, out } = await run(auditVerify, [path]);
      expect([code, out.split("\n").at(-2)], path).toEqual([0, "intact"]);
      expect(out).toContain("4 events, 1 chain\n");
      expect(out).toContain("1 checkpoint (1 signed, 0 verified)");
    }
    expect((await run(auditVerify, ["-"], {}, readFileSync(file, "utf8"))).code).toBe(0);
  });

  it("checks signatures with a key", async () => {
    const { folder, file } = await makeLogs();
    const key = join(folder, "key.pem");
    writeFileSync(key, publicKey);
    const { code, out } = await run(auditVerify, [file], { publicKeys: [key] });
    expect(code).toBe(0);
    expect(out).toContain("1 signed, 1 verified");
  });

  it("names the first broken link with its line, and exits 1", async () => {
    const { file } = await makeLogs();
    writeFileSync(file, readFileSync(file, "utf8").replace('"b"', '"x"'));
    const { code, out } = await run(auditVerify, [file]);
    expect(code).toBe(1);
    expect(out).toMatch(/^first broken link: line 2: event 2 of main-\w+: .*\(event_changed\)$/m);
    expect(out.endsWith("broken\n")).toBe(true);
    const json = JSON.parse((await run(auditVerify, [file], { format: "json" })).out);
    expect(json).toMatchObject({
      status: "broken",
      first_broken: { at: 2, kind: "event_changed" },
    });
  });

  it("finds a cut end against a checkpoint kept elsewhere", async () => {
    const { folder, file } = await makeLogs();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const checkpoint = join(folder, "checkpoint.json");
    const key = join(folder, "key.pem");
    writeFileSync(checkpoint, `${lines[3]}\n`);
    writeFileSync(key, publicKey);
    const options = { checkpoint, publicKeys: [key] };
    expect((await run(auditVerify, [file], options)).code).toBe(0);
    writeFileSync(file, `${lines.slice(0, 2).join("\n")}\n`);
    const cut = await run(auditVerify, [file], options);
    expect([cut.code, cut.out.includes("(cut_tail)")]).toEqual([1, true]);
    writeFileSync(checkpoint, (lines[3] ?? "").replace('"count":3', '"count":2'));
    await expect(run(auditVerify, [file], options)).rejects.toThrow("no given key signed it");
  });

  it.each([
    ["a log that does not exist", ["/nowhere/log"], {}, /there is no such file/],
    ["a folder", ["/"], {}, /Cannot read audit log/],
    ["a key that does not exist", ["-"], { publicKeys: ["/nowhere/key"] }, /no such file/],
    ["a database without the table", [], {}, /has no table audit_events/],
  ])("exits 2 for %s", async (_, given, options, message) => {
    const args = [...given];
    if (args.length === 0) {
      const path = join(temporaryFolder(), "other.db");
      await (await createAdapters().openDatabase(path)).close();
      args.push(`sqlite:${path}`);
    }
    const failure = await run(auditVerify, args, options).catch((error) => error);
    expect(failure).toBeInstanceOf(CommandFailure);
    expect(failure.exitCode).toBe(2);
    expect(failure.message).toMatch(message);
  });

  it("exits 2 for a file that holds no events", async () => {
    const path = join(temporaryFolder(), "readme.md");
    writeFileSync(path, "# Hello\n\nNothing here.\n");
    const { code, out } = await run(auditVerify, [path]);
    expect([code, out.endsWith("unreadable\n")]).toEqual([2, true]);
  });
});

describe("nomos audit tail", () => {
  it("shows the newest events, one a line, and nothing a terminal would obey", async () => {
    const { file, database } = await makeLogs();
    for (const path of [file, database]) {
      const { out } = await run(auditTail, [path], { lines: 3 });
      const lines = out.trimEnd().split("\n");
      expect(lines).toHaveLength(3);
      expect(lines[0]).toMatch(/action\.decision {2}DENY {2}deny\\u\{202e\} .*action=b/);
      expect(lines[2]).toContain("audit.checkpoint");
    }
  });

  it("filters", async () => {
    const { file, database } = await makeLogs();
    for (const path of [file, database]) {
      const { out } = await run(auditTail, [path], { decision: "DENY", format: "json" });
      expect(parsedLines(out).map((event) => event.action_id)).toEqual(["b"]);
      expect(out).toContain("deny\\u202e");
    }
    expect((await run(auditTail, [file], { lines: 0 })).out).toBe("");
  });
});

describe("nomos audit show", () => {
  it("shows an action, or else a trace", async () => {
    const { file, database } = await makeLogs();
    for (const path of [file, database]) {
      const action = await run(auditShow, [path, "a"], { format: "json" });
      expect(parsedLines(action.out).map((event) => event.action_id)).toEqual(["a"]);
      const trace = await run(auditShow, [path, "trace_1"], { format: "json" });
      expect(parsedLines(trace.out).map((event) => event.action_id)).toEqual(["a", "b"]);
    }
  });

  it("exits 1 when nothing is on record", async () => {
    const { file } = await makeLogs();
    const { code, out, err } = await run(auditShow, [file, "nope"]);
    expect([code, out, err]).toEqual([1, "", 'nothing is on record about "nope"\n']);
  });
});

describe("nomos audit export", () => {
  it("writes lines that verify", async () => {
    const { file, database } = await makeLogs();
    const { out } = await run(auditExport, [database]);
    expect(out).toBe(readFileSync(file, "utf8"));
    expect((await run(auditVerify, ["-"], {}, out)).code).toBe(0);
  });

  it("writes a recording of the decided actions, which says that params are withheld", async () => {
    const { database } = await makeLogs();
    const { out } = await run(auditExport, [database], { requests: true, trace: "trace_2" });
    expect(parsedLines(out)).toEqual([{
      schema_version: "v1",
      action_id: "c",
      action_type: "fs.read",
      resource: "file://workspace/README.md",
      params: {},
      params_withheld: true,
      trace_id: "trace_2",
      context: {},
      principal: "system",
      agent: "nomos",
      environment: "dev",
      recorded: {
        decision: "ALLOW",
        reason_code: "allow_by_rule",
        policy_bundle_hash: "ff",
        at: expect.stringMatching(/Z$/),
      },
    }]);
  });
});
