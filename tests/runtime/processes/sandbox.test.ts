import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probeSandbox } from "../../../cli/adapters/sandbox/mod.ts";
import {
  livingWith,
  ProcessWorld,
  sleepSign,
  SYSTEM_PATH,
  type Told,
  until,
  type Wishes,
} from "../../support/processes.ts";
import { TempFolder } from "../../support/temp_folder.ts";

let world: ProcessWorld;

beforeAll(async () => {
  world = await ProcessWorld.open();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** Runs a script in the sandbox. */
function inside(script: string, wishes: Wishes = {}): Promise<Told> {
  return world.sh(script, { sandbox: "local", ...wishes });
}

it("confines with bubblewrap, and says so", async () => {
  expect(await probeSandbox("local")).toMatchObject({ available: true });
  expect(await inside("true")).toMatchObject({ code: 0, confinement: "bubblewrap" });
});

describe("files in the sandbox", () => {
  it("can be read and written in the workspace, and stay there", async () => {
    world.folder.write("input", "in");
    const told = await inside("cat input && mkdir -p made/deep && echo out > made/deep/file");
    expect(told).toMatchObject({ stdout: "in", code: 0 });
    expect(world.folder.read("made/deep/file")).toBe("out\n");
  });

  const SYSTEM = ["/usr", "/etc", "/bin", "/lib", "/usr/bin", "/", "/proc", "/dev"];
  for (const folder of SYSTEM) {
    it(`cannot be written in ${folder}`, async () => {
      const told = await inside(`echo x > ${folder}/nomos-test-proof`);
      expect(told.code).not.toBe(0);
      expect(existsSync(`${folder}/nomos-test-proof`)).toBe(false);
    });
  }

  const EMPTY = ["/root", "/home", "/run", "/var", "/tmp"];
  for (const folder of EMPTY) {
    it(`are not there in ${folder}, and what is put there is gone afterwards`, async () => {
      const told = await inside(
        `ls -A ${folder}; echo x > ${folder}/nomos-test-proof; ls -A ${folder}`,
      );
      expect(told).toMatchObject({ stdout: "nomos-test-proof\n", code: 0 });
      expect(existsSync(`${folder}/nomos-test-proof`)).toBe(false);
    });
  }

  it("are not there at all elsewhere", async () => {
    using outside = elsewhere();
    outside.write("secret", "s");
    const told = await inside(`ls /; cat ${outside.at("secret")}; ls /opt /srv /mnt /boot /sys`);
    expect(told.stdout.split(/\s+/).filter((name) => name !== "").sort()).toEqual(
      [...new Set([...topLevel(), "dev", "home", "proc", "root", "run", "tmp", "var"])].sort(),
    );
  });

  it("cannot be reached through a symlink of the workspace", async () => {
    using outside = elsewhere();
    outside.write("secret", "secret");
    symlinkSync(outside.path, world.folder.at("way-out"));
    const told = await inside("cat way-out/secret; echo x > way-out/new");
    expect(told.stdout).toBe("");
    expect(outside.tree()).toEqual({ secret: "secret" });
  });

  it("that only some may read are hidden, also from a Nomos that runs as root", async () => {
    const told = await inside(
      "cat /etc/shadow; cat /etc/gshadow; ls /etc/ssl/private; cat ~/.ssh/*",
    );
    expect(told.stdout).toBe("");
    expect(told.code).not.toBe(0);
  });

  it("of a home folder are not there", async () => {
    using home = new TempFolder(join(homedir(), ".nomos-test"));
    home.write("key", "secret");
    const told = await inside(`cat ${home.at("key")}; ls -A ${homedir()}`);
    expect(told.stdout).toBe("");
  });
});

/** A folder outside of the workspace, in the system's temporary one. */
function elsewhere(): TempFolder {
  return new TempFolder(mkdtempSync(join(tmpdir(), "nomos-elsewhere-")));
}

/** What the sandbox shows of this machine's root. */
function topLevel(): readonly string[] {
  return readdirSync("/").filter((name) =>
    ["usr", "bin", "sbin", "etc"].includes(name) || name.startsWith("lib")
  );
}

describe("Nomos's own files in the workspace", () => {
  const PROTECTED = ["nomos.yaml", "state/audit.db", "state/audit.db-journal", "state/deep/pins"];

  async function open(): Promise<ProcessWorld> {
    const own = await ProcessWorld.open({ protectedPaths: PROTECTED });
    for (const path of ["nomos.yaml", "state/audit.db", "state/deep/pins"]) {
      own.folder.write(path, `kept: ${path}`, 0o600);
    }
    own.folder.write("state/other", "open");
    return own;
  }

  const TRIES = [
    "cat nomos.yaml state/audit.db state/deep/pins",
    "echo evil > nomos.yaml",
    "echo evil >> state/audit.db",
    "rm -f nomos.yaml state/audit.db",
    "mv nomos.yaml gone",
    "mv state gone && mkdir state && echo evil > state/audit.db",
    "mv state/deep gone",
    "rm -rf state",
    "ln -f nomos.yaml copy; ln state/audit.db copy2",
    "cp nomos.yaml copy",
    "chmod 777 nomos.yaml; chmod 777 state/audit.db",
    "umount nomos.yaml; umount -l state",
    "echo hot > state/audit.db-journal",
    "unshare -rm true && unshare -rm umount nomos.yaml",
  ];
  for (const script of TRIES) {
    it(`stay as they are and unseen: ${script}`, async () => {
      await using own = await open();
      const told = await own.sh(script, { sandbox: "local" });
      expect(told.confinement).toBe("bubblewrap");
      expect(told.stdout + told.stderr).not.toContain("kept:");
      for (const path of ["nomos.yaml", "state/audit.db", "state/deep/pins"]) {
        expect(own.folder.read(path)).toBe(`kept: ${path}`);
      }
      const journal = own.folder.tree()["state/audit.db-journal"];
      expect(journal ?? "").toBe("");
      expect(Object.values(own.folder.tree()).filter((text) => text.includes("kept:")).length)
        .toBe(3);
    });
  }

  it("leave what is beside them open", async () => {
    await using own = await open();
    const told = await own.sh("cat state/other && echo new > state/new", { sandbox: "local" });
    expect(told).toMatchObject({ stdout: "open", code: 0 });
    expect(own.folder.read("state/new")).toBe("new\n");
  });
});

describe("rights in the sandbox", () => {
  it("are those of a plain user without capabilities, who cannot get new ones", async () => {
    const told = await inside("grep -E '^(Cap|NoNewPrivs)' /proc/self/status; id -u");
    expect(told.stdout).toMatch(/NoNewPrivs:\t1\n/);
    expect(told.stdout.match(/^Cap.*:\t(.*)$/gm)?.every((line) => /\t0+$/.test(line))).toBe(true);
    expect(told.stdout).not.toMatch(/^0$/m);
  });

  it("do not reach the kernel's settings", async () => {
    const before = readFileSync("/proc/sys/kernel/core_pattern", "utf8");
    // Opening is enough to know; nothing is written.
    const told = await inside(
      ": >> /proc/sys/kernel/core_pattern && echo opened; : >> /proc/sys/vm/drop_caches && echo opened; " +
        ": >> /proc/sysrq-trigger && echo opened; : >> /proc/self/oom_score_adj && echo opened",
    );
    expect(told.stdout).toBe("");
    expect(readFileSync("/proc/sys/kernel/core_pattern", "utf8")).toBe(before);
  });

  it("do not allow mounting, further namespaces or device files", async () => {
    const tries = [
      "mount -t tmpfs none /tmp",
      "mount -o remount,rw /usr",
      "unshare -r true",
      "unshare -U true",
      "mknod null c 1 3",
      "chroot / true",
    ];
    for (const script of tries) expect((await inside(script)).code, script).not.toBe(0);
  });

  it("make set-user programs ordinary ones", async () => {
    const told = await inside("cp /usr/bin/id id && chmod 4755 id && ./id -u && rm id");
    expect(told.stdout).toBe((await inside("id -u")).stdout);
  });
});

describe("other processes", () => {
  it("are not seen and cannot be signalled", async () => {
    const sign = sleepSign();
    const gone = new AbortController();
    const other = world.run(["sleep", sign], { signal: gone.signal });
    await until(() => livingWith(sign).length === 1);
    const [pid] = livingWith(sign);
    const told = await inside(
      `kill -9 ${pid}; kill -9 ${process.pid}; cat /proc/[0-9]*/cmdline | tr '\\0' ' '`,
    );
    expect(told.stdout).not.toContain(sign);
    expect(told.stdout).not.toContain("vitest");
    expect(livingWith(sign)).toEqual([pid]);
    gone.abort();
    await other;
  });

  it("share no memory with it", async () => {
    using memory = new TempFolder();
    memory.write("shared", "secret");
    const segment = await world.run(["perl", "-e", "print shmget(0, 4096, 01600)"]);
    const told = await inside("cat /proc/sysvipc/shm; ls -A /dev/shm");
    await world.run(["perl", "-e", "shmctl($ARGV[0], 0, 0)", segment.stdout]);
    const own = world.folder.path.split("/");
    expect(segment.stdout).toMatch(/^[0-9]+$/);
    expect(told.stdout.split("\n").slice(1).join("\n")).toBe(own[2] === "shm" ? `${own[3]}\n` : "");
  });
});

describe("the network", () => {
  let server: Server;
  let port: number;
  let connections = 0;

  beforeAll(async () => {
    server = createServer((socket) => {
      connections++;
      socket.end("hello");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });

  afterAll(() => {
    server.close();
  });

  const connect = () => ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3`];

  it("is there without the sandbox, so that the test is a real one", async () => {
    expect(await world.run(connect())).toMatchObject({ stdout: "hello", code: 0 });
  });

  it("is not there in it: no address of the machine, no other interface, no names", async () => {
    connections = 0;
    const told = await world.run(connect(), { sandbox: "local" });
    expect(told.code).not.toBe(0);
    expect(connections).toBe(0);
    const devices = await inside("tail -n +3 /proc/net/dev | cut -d: -f1; cat /proc/net/route");
    expect(devices.stdout.trim().split(/\s+/)[0]).toBe("lo");
    expect(devices.stdout.trim().split("\n").length).toBeLessThanOrEqual(2);
  });

  it("is the host's when the operator says so", async () => {
    const told = await world.run(connect(), { sandbox: "local", network: "host" });
    expect(told).toMatchObject({ stdout: "hello", code: 0, confinement: "bubblewrap" });
  });
});

describe("sockets of the host", () => {
  const CLIENT = "use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0); " +
    'connect(S, pack_sockaddr_un(eval qq("$ARGV[0]"))) or exit 9; print <S>';
  const SERVER = 'use Socket; $a = eval qq("$ARGV[0]"); socket(S, PF_UNIX, SOCK_STREAM, 0); ' +
    'bind(S, pack_sockaddr_un($a)) or exit 8; listen(S, 5); $| = 1; print "up\\n"; ' +
    'while (accept(C, S)) { print C "hello"; close C }';

  async function whileListening(address: string, test: () => Promise<void>): Promise<void> {
    const ready = world.folder.at("ready");
    const gone = new AbortController();
    const script = 'exec perl -e "$1" "$2" > ready';
    const serving = world.run(["sh", "-c", script, "sh", SERVER, address], { signal: gone.signal });
    await until(() => existsSync(ready) && readFileSync(ready, "utf8") === "up\n");
    try {
      await test();
    } finally {
      gone.abort();
      await serving;
      rmSync(ready);
    }
  }

  const folders = ["/run", "/tmp", "/var/tmp"].filter(isWritable);
  for (const address of [...folders.map((folder) => `${folder}/nomos-test.sock`), ABSTRACT]) {
    it(`are not reached: ${address}`, async () => {
      await whileListening(address, async () => {
        const outside = await world.run(["perl", "-e", CLIENT, address]);
        expect(outside).toMatchObject({ stdout: "hello", code: 0 });
        const told = await world.run(["perl", "-e", CLIENT, address], { sandbox: "local" });
        expect(told).toMatchObject({ stdout: "", code: 9 });
      });
      if (address !== ABSTRACT) rmSync(address, { force: true });
    });
  }
});

/** A socket without a file, as Perl writes it. */
const ABSTRACT = "\\0nomos-test";

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

describe("a machine without bubblewrap", () => {
  const bare = () => "/nonexistent";

  it("does not have the profile, and hears what to install", async () => {
    await using own = await ProcessWorld.open({ path: bare });
    const told = await own.run(["/bin/echo", "hi"], { sandbox: "local" });
    expect(told).toMatchObject({ code: "sandbox_required", stdout: "" });
    expect(told.message).toContain('install the package "bubblewrap"');
    expect(await probeSandbox("local", { path: "/nonexistent" })).toMatchObject({
      available: false,
      hint: expect.stringContaining("bubblewrap"),
    });
  });

  it("is asked about its own PATH and workspace, and about one that is missing too", async () => {
    expect(await probeSandbox("local", { workspaceRoot: "/nonexistent" })).toMatchObject({
      available: true,
    });
    expect(await probeSandbox("local", { workspaceRoot: "/" })).toMatchObject({
      available: false,
      hint: expect.stringContaining("workspace"),
    });
  });

  it("runs without confinement only when the operator accepted that, and tells so", async () => {
    await using own = await ProcessWorld.open({ path: bare, localFallback: "process" });
    const told = await own.run(["/bin/echo", "hi"], { sandbox: "local" });
    expect(told).toMatchObject({ stdout: "hi\n", code: 0, confinement: "process" });
  });

  it("is not fooled by one in the workspace", async () => {
    await using own = await ProcessWorld.open({ path: (folder) => folder.path });
    own.folder.write("bwrap", "#!/bin/sh\nexit 0\n", 0o755);
    expect(await own.run(["/bin/true"], { sandbox: "local" })).toMatchObject({
      code: "sandbox_required",
    });
  });

  it("is one whose bubblewrap does not work", async () => {
    using elsewhere = new TempFolder();
    elsewhere.write("bwrap", "#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n", 0o755);
    const path = `${elsewhere.path}:${SYSTEM_PATH}`;
    const probe = await probeSandbox("local", { path });
    expect(probe).toMatchObject({ available: false });
    expect("hint" in probe && probe.hint).toContain("No permissions");
  });
});

it("a container that is none refuses", async () => {
  const told = await world.run(["true"], { sandbox: "container" });
  expect(told).toMatchObject({ code: "sandbox_required" });
});

it("a program that the sandbox does not show is refused before it runs", async () => {
  using outside = elsewhere();
  outside.write("tool", "#!/bin/sh\necho ran\n", 0o755);
  expect(await world.run([outside.at("tool")])).toMatchObject({ stdout: "ran\n" });
  const told = await world.run([outside.at("tool")], { sandbox: "local" });
  expect(told).toMatchObject({ code: "not_found", stdout: "" });
  expect(told.message).toContain("outside of what the sandbox shows");
});
