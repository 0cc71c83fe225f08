import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProcessWorld, SYSTEM_PATH } from "../../support/processes.ts";
import { TempFolder } from "../../support/temp_folder.ts";

let world: ProcessWorld;

beforeAll(async () => {
  world = await ProcessWorld.open();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** Runs under both profiles: what a process gets must not depend on its confinement. */
const BOTH = ["none", "local"] as const;

describe("a process", () => {
  for (const sandbox of BOTH) {
    it(`gets its words as they are and gives back what it wrote (${sandbox})`, async () => {
      const told = await world.run(["printf", "%s|", "a b", "", "*", "$HOME", "ü\n", "-x"], {
        sandbox,
      });
      expect(told).toMatchObject({ stdout: "a b||*|$HOME|ü\n|-x|", stderr: "", cut: "", code: 0 });
    });

    it(`gives its exit code back, 128 + number for a signal (${sandbox})`, async () => {
      expect(await world.sh("exit 7", { sandbox })).toMatchObject({ code: 7, ended: "exit" });
      expect(await world.sh("kill -9 $$", { sandbox })).toMatchObject({ code: 137, ended: "exit" });
      expect(await world.sh("kill -TERM $$", { sandbox })).toMatchObject({ code: 143 });
      expect(await world.sh("echo oh >&2; exit 1", { sandbox })).toMatchObject({
        stderr: "oh\n",
        code: 1,
      });
    });

    it(`reads its input, or end of file when there is none (${sandbox})`, async () => {
      const text = "line\n".repeat(40_000);
      expect((await world.run(["cat"], { sandbox, stdin: text })).stdout).toBe(text);
      expect(await world.run(["cat"], { sandbox })).toMatchObject({ stdout: "", code: 0 });
      const unread = await world.run(["true"], { sandbox, stdin: text });
      expect(unread).toMatchObject({ code: 0, ended: "exit" });
    });

    it(`has no variable that it was not given (${sandbox})`, async () => {
      process.env["NOMOS_TEST_SECRET"] = "leaked";
      const told = await world.run(["env"], { sandbox });
      const names = told.stdout.trim().split("\n").map((line) => line.split("=")[0]);
      const set = names.filter((name) => name !== "PWD");
      expect(set).toEqual(["NOMOS_EXEC_ID"]);
      expect(told.stdout.includes("PWD=")).toBe(sandbox === "local");
      delete process.env["NOMOS_TEST_SECRET"];
    });

    it(`has the variables it was given, by exact name (${sandbox})`, async () => {
      process.env["NOMOS_TEST_A"] = "ours";
      process.env["NOMOS_TEST_AB"] = "not asked for";
      const told = await world.run(["env"], {
        sandbox,
        inherit: ["NOMOS_TEST_A", "NOMOS_TEST_B", "NOMOS_TEST_*"],
        env: { TOKEN: "t", NOMOS_EXEC_ID: "forged", LD_LIBRARY_PATH: "/nowhere", __proto__x: "1" },
      });
      const lines = told.stdout.trim().split("\n").filter((line) => !line.startsWith("PWD="));
      expect(lines.filter((line) => !line.startsWith("NOMOS_EXEC_ID=")).sort()).toEqual(
        ["LD_LIBRARY_PATH=/nowhere", "NOMOS_TEST_A=ours", "TOKEN=t", "__proto__x=1"],
      );
      expect(lines.find((line) => line.startsWith("NOMOS_EXEC_ID="))).toMatch(/=[0-9a-f]{32}$/);
      delete process.env["NOMOS_TEST_A"];
      delete process.env["NOMOS_TEST_AB"];
    });

    it(`runs where it is told (${sandbox})`, async () => {
      mkdirSync(world.folder.at("sub/deep"), { recursive: true });
      expect((await world.run(["pwd"], { sandbox })).stdout).toBe(`${world.folder.path}\n`);
      const deep = await world.run(["pwd", "-P"], { sandbox, in: "sub/deep" });
      expect(deep.stdout).toBe(`${world.folder.path}/sub/deep\n`);
    });
  }

  it("leads its own group and session", async () => {
    const told = await world.sh(
      "read -r _ _ _ _ group session _ < /proc/$$/stat; echo $(( $$ == group && $$ == session ))",
    );
    expect(told.stdout).toBe("1\n");
  });

  it("has no descriptor of ours but the three it is given", async () => {
    // What whoever started us left open for our children is open in theirs as well.
    const inherited = readdirSync("/proc/self/fd").filter((fd) => !closesOnExec(fd));
    const told = await world.sh("ls -l /proc/self/fd", { stdin: "x" });
    const open = [...told.stdout.matchAll(/ (\d+) -> (\S+)/g)];
    const more = open.filter(([, fd = "", target = ""]) =>
      !["0", "1", "2", ...inherited].includes(fd) && !/^\/proc\/\d+\/fd$/.test(target)
    );
    expect(open.length).toBeGreaterThan(2);
    expect(more.map(([text]) => text)).toEqual([]);
  });

  it("is named by Nomos around it too, so that neither loses sight of it", async () => {
    process.env["NOMOS_EXEC_ID"] = "outer";
    const told = await world.sh("echo $NOMOS_EXEC_ID");
    delete process.env["NOMOS_EXEC_ID"];
    expect(told.stdout).toMatch(/^outer,[0-9a-f]{32}\n$/);
  });
});

function closesOnExec(fd: string): boolean {
  try {
    const flags = /flags:\s+([0-7]+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1];
    return (Number.parseInt(flags ?? "0", 8) & 0o2000000) !== 0;
  } catch {
    return true;
  }
}

describe("the folder to run in", () => {
  it("is the one that was held, whatever became of its name", async () => {
    world.folder.write("held/here", "");
    mkdirSync(world.folder.at("other"));
    const cwd = await world.workspace.holdFolder("held");
    if (!cwd.ok) throw new Error(cwd.reason.message);
    await world.sh("mv held gone && ln -s /etc held");
    const run = await world.runner.run({
      argv: ["ls"],
      cwd: cwd.value,
      programNamed: false,
      env: {},
      inherit: [],
      timeoutMs: 5_000,
      keepBytes: 1_000,
      sandbox: "none",
      network: "none",
      signal: new AbortController().signal,
    });
    await cwd.value.release();
    expect(run.ok && new TextDecoder().decode(run.value.stdout)).toBe("here\n");
  });

  const TARGETS = [
    ["a symlink out of the workspace", "out", "/etc", "invalid_resource"],
    ["a symlink up", "up", "..", "invalid_resource"],
    ["a symlink to nothing", "dangling", "nowhere", "not_found"],
    ["a symlink to itself", "loop", "loop", "invalid_resource"],
  ] as const;
  for (const [what, name, target, code] of TARGETS) {
    it(`is not ${what}`, async () => {
      symlinkSync(target, world.folder.at(name));
      expect(await world.run(["pwd"], { in: name })).toMatchObject({ code, stdout: "" });
    });
  }

  it("is not a file, nor missing, but may be a symlink inside", async () => {
    world.folder.write("a/file", "");
    symlinkSync("a", world.folder.at("link"));
    expect(await world.run(["pwd"], { in: "a/file" })).toMatchObject({ code: "not_found" });
    expect(await world.run(["pwd"], { in: "missing" })).toMatchObject({ code: "not_found" });
    expect((await world.run(["pwd", "-P"], { in: "link" })).stdout).toBe(
      `${world.folder.at("a")}\n`,
    );
  });

  it("is not one that Nomos keeps for itself", async () => {
    await using own = await ProcessWorld.open({ protectedPaths: ["kept"] });
    own.folder.write("kept/inner/file", "");
    for (const path of ["kept", "kept/inner"]) {
      expect(await own.run(["pwd"], { in: path })).toMatchObject({ code: "protected_path" });
    }
  });
});

describe("the program", () => {
  const SCRIPT = "#!/bin/sh\necho planted\n";

  it("is found on the configured PATH, not on our own", async () => {
    await using own = await ProcessWorld.open({ path: () => "/nonexistent" });
    expect(await own.run(["true"])).toMatchObject({ code: "not_found" });
  });

  it("is not one that was planted in the workspace, even when PATH leads there", async () => {
    await using own = await ProcessWorld.open({
      path: (folder) => `:.:bin:${folder.path}:${folder.at("bin")}:${SYSTEM_PATH}`,
    });
    own.folder.write("git", SCRIPT, 0o755);
    own.folder.write("bin/uname", SCRIPT, 0o755);
    for (const name of ["git", "uname"]) {
      expect((await own.run([name, "--version"])).stdout).not.toContain("planted");
    }
    own.folder.write("bin/only-here", SCRIPT, 0o755);
    expect(await own.run(["only-here"])).toMatchObject({ code: "exec_not_allowlisted" });
  });

  it("is not a symlink from a folder on PATH into the workspace, whole or in part", async () => {
    using outside = new TempFolder();
    await using own = await ProcessWorld.open({
      path: () => `${outside.path}:${outside.at("folder")}`,
    });
    own.folder.write("evil", SCRIPT, 0o755);
    symlinkSync("/bin/true", own.folder.at("through"));
    symlinkSync(own.folder.at("evil"), outside.at("direct"));
    symlinkSync(own.folder.at("through"), outside.at("chained"));
    symlinkSync(own.folder.path, outside.at("folder"));
    for (const name of ["direct", "chained", "evil"]) {
      expect(await own.run([name]), name).toMatchObject({ code: "exec_not_allowlisted" });
    }
  });

  for (const sandbox of BOTH) {
    it(`lies in the workspace only when a rule names it (${sandbox})`, async () => {
      world.folder.write("tools/build", SCRIPT, 0o755);
      for (const name of ["tools/build", "./tools/build", world.folder.at("tools/build")]) {
        const refused = await world.run([name], { sandbox });
        expect(refused, name).toMatchObject({ code: "exec_not_allowlisted", stdout: "" });
        const told = await world.run([name], { sandbox, programNamed: true });
        expect(told, name).toMatchObject({ code: 0, stdout: "planted\n" });
      }
    });
  }

  it("is looked for from the folder to run in when it has a slash", async () => {
    world.folder.write("from/here", SCRIPT, 0o755);
    const told = await world.run(["./here"], { in: "from", programNamed: true });
    expect(told.stdout).toBe("planted\n");
  });

  it("may be any other when it is given by its whole path", async () => {
    expect(await world.run(["/bin/echo", "hi"])).toMatchObject({ stdout: "hi\n", code: 0 });
  });

  it("is refused with what is wrong with it", async () => {
    world.folder.write("plain", "no program");
    world.folder.write("broken", "#!/no/such/interpreter\n", 0o755);
    const named = { programNamed: true };
    expect(await world.run(["no-such-program"])).toMatchObject({
      code: "not_found",
      message: 'Cannot run "no-such-program": there is no such program on executor.path',
    });
    expect(await world.run(["./missing"], named)).toMatchObject({ code: "not_found" });
    expect(await world.run(["./plain"], named)).toMatchObject({ code: "does_not_fit" });
    expect(await world.run(["/etc"])).toMatchObject({ code: "does_not_fit" });
    const broken = await world.run(["./broken"], named);
    expect(broken.message).toMatch(/^Cannot run ".\/broken": /);
    expect(broken.message).not.toContain(world.folder.path);
  });

  it("sees its own name as it was found", async () => {
    const told = await world.run(["cat", "/proc/self/cmdline"]);
    expect(told.stdout).toMatch(/^\/[a-z/]*cat\0\/proc\/self\/cmdline\0$/);
  });
});

describe("a variable", () => {
  it("with a NUL character is refused by its name, without its value", async () => {
    const told = await world.run(["true"], { env: { TOKEN: "a\0secret" } });
    expect(told.code).toBe("execution_error");
    expect(told.message).toContain("TOKEN");
    expect(told.message).not.toContain("secret");
  });
});

it("leaves no zombie and no descriptor behind", async () => {
  const before = readdirSync("/proc/self/fd").length;
  for (let i = 0; i < 20; i++) await world.sh("sleep 0 & exit 0", { stdin: "x" });
  expect(zombies()).toEqual([]);
  expect(readdirSync("/proc/self/fd").length).toBeLessThan(before + 10);
});

function zombies(): readonly string[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  return children.trim().split(" ").filter((pid) => {
    const record = pid === "" ? "" : readFileSync(`/proc/${pid}/stat`, "utf8");
    return record.slice(record.lastIndexOf(")") + 2).startsWith("Z");
  });
}
