import { describe, expect, it } from "vitest";
import { parseSinkList, sinkName } from "../../../../core/audit/mod.ts";

describe("parseSinkList", () => {
  it.each([
    ["stdout", ["stdout"]],
    ["stderr, stdout", ["stderr", "stdout"]],
    ["sqlite:audit.db,stdout", ["sqlite:audit.db", "stdout"]],
    ["sqlite://audit.db", ["sqlite:audit.db"]],
    ["sqlite:///var/audit.db", ["sqlite:/var/audit.db"]],
    ["file:/var/log/a:b.jsonl", ["file:/var/log/a:b.jsonl"]],
    ["stdout,,stdout,", ["stdout"]],
  ])("reads %s", (list, names) => {
    const parsed = parseSinkList(list);
    expect(parsed.ok && parsed.value.map(sinkName)).toEqual(names);
  });

  it.each([
    ["", /no sink/],
    [" , ", /no sink/],
    ["syslog:x", /"syslog:x": no such kind of sink, expected stdout/],
    ["file:", /no path, expected file:<path>/],
    ["sqlite", /no path, expected sqlite:<path>/],
    ["stdout:x", /expected "stdout" alone/],
    ["webhook:https://u:secret@h/", /"webhook": not available in this version/],
    ["postgres:postgres://u:secret@h/", /"postgres": not available in this version/],
  ])("refuses %j", (list, message) => {
    const parsed = parseSinkList(list);
    expect(parsed.ok ? "" : parsed.reason[0]?.message).toMatch(message);
    expect(JSON.stringify(parsed)).not.toContain("secret");
  });

  it("collects every problem of a list", () => {
    const parsed = parseSinkList("nope,stdout,file:");
    expect(parsed.ok ? 0 : parsed.reason.length).toBe(2);
  });
});
