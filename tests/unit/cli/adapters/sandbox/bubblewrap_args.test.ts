import { describe, expect, it } from "vitest";
import { bubblewrapArgs, type View } from "../../../../../cli/adapters/sandbox/bubblewrap_args.ts";

const VIEW: View = {
  system: [
    { kind: "folder", path: "/usr" },
    { kind: "link", path: "/bin", target: "usr/bin" },
    { kind: "folder", path: "/etc" },
  ],
  shown: [],
  hidden: [
    { path: "/etc/shadow", kind: "file" },
    { path: "/etc/ssl/private", kind: "folder" },
    { path: "/ws/nomos.yaml", kind: "file" },
    { path: "/ws/a/b/keys", kind: "folder" },
  ],
  workspace: "/ws",
  pinned: ["/ws/a", "/ws/a/b"],
  network: "none",
  cwd: "/ws/sub",
  env: {},
};
const ALL = { size: true, disableUserns: true };

/** The arguments as one text, for looking up what follows what. */
function line(more: Partial<View> = {}, abilities = ALL): string {
  return ` ${bubblewrapArgs({ ...VIEW, ...more }, abilities).join(" ")} `;
}

describe("the arguments of bubblewrap", () => {
  it("close every namespace, and open the network only when told", () => {
    for (const what of ["user", "pid", "ipc", "uts", "net"]) {
      expect(line()).toContain(` --unshare-${what} `);
    }
    expect(line({ network: "host" })).not.toContain("--unshare-net");
  });

  it("take every right away and die with us", () => {
    expect(line()).toContain(" --die-with-parent --new-session --cap-drop ALL ");
    expect(line()).toContain(" --disable-userns ");
    expect(line({ user: 1_000 })).toContain(" --uid 1000 --gid 1000 ");
    expect(line()).not.toContain("--uid");
  });

  it("show the system read-only, nothing else of it, and the workspace writable", () => {
    const args = bubblewrapArgs(VIEW, ALL);
    const sources = args.flatMap((arg, i) => /^--(ro-)?bind$/.test(arg) ? [args[i + 1]] : []);
    expect(sources).toEqual(
      ["/usr", "/etc", "/dev/null", "/ws", "/ws/a", "/ws/a/b", "/dev/null"],
    );
    const writable = args.flatMap((arg, i) => arg === "--bind" ? [args[i + 1]] : []);
    expect(writable).toEqual(["/ws", "/ws/a", "/ws/a/b"]);
    expect(line()).toContain(" --symlink usr/bin /bin ");
  });

  it("empty the folders that hold other people's files", () => {
    for (const folder of ["/root", "/home", "/run", "/var", "/tmp", "/dev/shm"]) {
      expect(line()).toMatch(new RegExp(` --size \\d+ --tmpfs ${folder} `));
    }
  });

  it("mount in an order in which nothing uncovers what was hidden", () => {
    const order = [
      "--ro-bind /etc /etc",
      "--ro-bind /dev/null /etc/shadow",
      "--bind /ws /ws",
      "--bind /ws/a /ws/a",
      "--bind /ws/a/b /ws/a/b",
      "--tmpfs /ws/a/b/keys",
      "--remount-ro /proc",
      "--remount-ro / ",
      "--chdir /ws/sub -- ",
    ].map((part) => line().indexOf(` ${part}`));
    expect(order.every((at) => at > 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect(line().indexOf("--tmpfs /tmp")).toBeLessThan(line().indexOf("--bind /ws /ws"));
  });

  it("hide files by a device that cannot be read, and folders by empty ones", () => {
    expect(line()).toContain(" --ro-bind /dev/null /ws/nomos.yaml ");
    expect(line()).toContain(" --tmpfs /etc/ssl/private --remount-ro /etc/ssl/private ");
  });

  it("leave out what an old bubblewrap does not know", () => {
    const old = line({}, { size: false, disableUserns: false });
    expect(old).not.toContain("--size");
    expect(old).not.toContain("--disable-userns");
    expect(old).toContain(" --tmpfs /tmp ");
  });

  it("hand variables on that the program itself must not see", () => {
    expect(line({ env: { LD_PRELOAD: "/x.so" } })).toContain(" --setenv LD_PRELOAD /x.so ");
  });

  it("end where the command begins", () => {
    expect(bubblewrapArgs(VIEW, ALL).at(-1)).toBe("--");
  });
});
