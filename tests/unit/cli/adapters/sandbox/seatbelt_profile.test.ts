import { describe, expect, it } from "vitest";
import { seatbeltProfile } from "../../../../../cli/adapters/sandbox/seatbelt_profile.ts";

const VIEW = {
  workspace: "/Users/me/ws",
  hidden: ["/Users/me/ws/nomos.yaml", "/Users/me/ws/a/b/store.db"],
  network: "none",
} as const;

/** Rules in their order; the last one that fits counts. */
const rules = (profile: string) => profile.trim().split("\n");

describe("the profile for macOS", () => {
  it("denies what it does not name, first of all", () => {
    expect(rules(seatbeltProfile(VIEW)).slice(0, 2)).toEqual(["(version 1)", "(deny default)"]);
  });

  it("lets nothing be written but the workspace and harmless devices", () => {
    const writing = rules(seatbeltProfile(VIEW)).filter((rule) =>
      rule.startsWith("(allow") && rule.includes("file-write")
    );
    expect(writing.length).toBe(2);
    expect(writing[0]).toContain('(subpath "/Users/me/ws")');
    expect(writing[1]).toContain('(literal "/dev/null")');
  });

  it("hides Nomos's own files behind the rule that opens the workspace", () => {
    const all = rules(seatbeltProfile(VIEW));
    const opens = all.findIndex((rule) => rule.includes('file-map-executable (subpath "/Users'));
    for (const path of VIEW.hidden) {
      const rule = `(deny file-read* file-write* (subpath "${path}"))`;
      expect(all.indexOf(rule)).toBeGreaterThan(opens);
    }
    for (const path of ["/Users/me/ws/a", "/Users/me/ws/a/b"]) {
      expect(all.indexOf(`(deny file-write-unlink (literal "${path}"))`)).toBeGreaterThan(opens);
    }
  });

  it("does not show home folders or other people's files", () => {
    const readable = rules(seatbeltProfile(VIEW)).find((rule) => rule.includes('"/usr"')) ?? "";
    for (const folder of ['"/Users"', '"/private/var"', '"/private/tmp"', '"/"', '"/Volumes"']) {
      expect(readable).not.toContain(folder);
    }
  });

  it("has a network only when told", () => {
    expect(seatbeltProfile(VIEW)).toContain("(deny network*)");
    expect(seatbeltProfile(VIEW)).not.toContain("(allow network*");
    expect(seatbeltProfile({ ...VIEW, network: "host" })).toContain(
      "(allow network* system-socket)",
    );
  });

  it("cannot be broken out of by the name of a folder", () => {
    const workspace = '/Users/me/a") (allow default) (subpath "\\';
    const profile = seatbeltProfile({ ...VIEW, workspace, hidden: [] });
    expect(profile).toContain('(subpath "/Users/me/a\\") (allow default) (subpath \\"\\\\")');
    expect(profile).not.toMatch(/[^\\]"\) \(allow default\)/);
  });
});
