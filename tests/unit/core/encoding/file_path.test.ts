import { describe, expect, it } from "vitest";
import { cleanFilePath } from "../../../../core/encoding/mod.ts";

describe("cleanFilePath", () => {
  it.each([
    ["README.md", "README.md"],
    ["a//b/", "a/b"],
    ["a\\b\\c", "a/b/c"],
    ["100%25", "100%25"],
    ["a?b#c", "a?b#c"],
    ["cafe\u0301", "caf\u00e9"],
    [".env", ".env"],
  ])("writes %j as %j", (text, expected) => {
    expect(cleanFilePath(text)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ["", "empty"],
    ["/etc/passwd", "absolute"],
    ["\\\\server\\share", "absolute"],
    ["../a", "traversal"],
    ["a/./b", "traversal"],
    ["a\\..\\b", "traversal"],
    ["C:/a", '":"'],
    ["C:a", '":"'],
    ["a.txt::$DATA", '":"'],
    ["nul", "device"],
    ["sub/CON.log", "device"],
    ["a.", "dot or a space"],
    ["a /b", "dot or a space"],
    ["a\u0000", "U+0000"],
    ["a\u200b", "U+200B"],
  ])("refuses %j", (text, why) => {
    const path = cleanFilePath(text);
    expect(path.ok ? `accepted as ${path.value}` : path.reason.join()).toContain(why);
  });
});
