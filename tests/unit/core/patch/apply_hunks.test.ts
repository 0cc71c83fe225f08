import { describe, expect, it } from "vitest";
import { applyHunks, parsePatch } from "../../../../core/patch/mod.ts";

function apply(old: string, hunks: string): string {
  const patch = parsePatch(`--- a/f\n+++ b/f\n${hunks}`);
  if (!patch.ok) return patch.reason.message;
  const result = applyHunks(bytes(old), patch.value[0]?.hunks ?? []);
  return result.ok ? latin1(result.value) : `refused: ${result.reason}`;
}

// Latin-1 stands for bytes: é is the one byte E9, which is not UTF-8.
const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const latin1 = (content: Uint8Array) =>
  Array.from(content, (byte) => String.fromCharCode(byte)).join("");

const END = "\\ No newline at end of file\n";

describe("hunks", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["replace a line", "a\nb\nc\n", "@@ -2 +2 @@\n-b\n+x\n", "a\nx\nc\n"],
    ["fit with context", "a\nb\nc\n", "@@ -1,3 +1,4 @@\n a\n+x\n b\n c\n", "a\nx\nb\nc\n"],
    [
      "apply one after the other",
      "1\n2\n3\n4\n5\n",
      "@@ -1 +0,0 @@\n-1\n@@ -3 +2,2 @@\n-3\n+x\n+y\n@@ -5 +5 @@\n-5\n+z\n",
      "2\nx\ny\n4\nz\n",
    ],
    ["touch each other", "1\n2\n", "@@ -1 +1 @@\n-1\n+x\n@@ -2 +2 @@\n-2\n+y\n", "x\ny\n"],
    ["insert at the beginning", "a\n", "@@ -0,0 +1 @@\n+x\n", "x\na\n"],
    ["insert at the end", "a\n", "@@ -1,0 +2 @@\n+x\n", "a\nx\n"],
    ["fill an empty file", "", "@@ -0,0 +1 @@\n+x\n", "x\n"],
    ["empty a file", "a\n", "@@ -1 +0,0 @@\n-a\n", ""],
    ["take a last newline away", "a\n", `@@ -1 +1 @@\n-a\n+a\n${END}`, "a"],
    ["add a last newline", "a", `@@ -1 +1 @@\n-a\n${END}+a\n`, "a\n"],
    ["keep a missing last newline", "a\nb", `@@ -1,2 +1,2 @@\n-a\n+x\n b\n${END}`, "x\nb"],
    ["keep \\r\\n", "a\r\nb\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+x\r\n", "a\r\nx\r\n"],
    ["can change \\r\\n to \\n", "a\r\n", "@@ -1 +1 @@\n-a\r\n+a\n", "a\n"],
    [
      "leave bytes that are not UTF-8 as they are",
      "é\u0000\nb\né",
      "@@ -2 +2 @@\n-b\n+x\n",
      "é\u0000\nx\né",
    ],
    [
      "do not fit another line",
      "a\nb\n",
      "@@ -2 +2 @@\n-a\n+x\n",
      "refused: line 4 of the patch does not match line 2 of the file",
    ],
    [
      "do not fit one line further down",
      "x\na\n",
      "@@ -1 +1 @@\n-a\n+y\n",
      "refused: line 4 of the patch does not match line 1 of the file",
    ],
    [
      "do not fit other white space",
      "a \n",
      "@@ -1 +1 @@\n-a\n+x\n",
      "refused: line 4 of the patch does not match line 1 of the file",
    ],
    [
      "do not fit \\r\\n written as \\n",
      "a\r\n",
      "@@ -1 +1 @@\n-a\n+x\n",
      "refused: line 4 of the patch does not match line 1 of the file",
    ],
    [
      "do not fit the beginning of a line",
      "ab\n",
      `@@ -1 +1 @@\n-a\n${END}+x\n`,
      "refused: line 4 of the patch does not match line 1 of the file",
    ],
    [
      "do not fit a last line that has no newline",
      "a",
      "@@ -1 +1 @@\n-a\n+x\n",
      "refused: line 4 of the patch does not match line 1 of the file",
    ],
    [
      "do not fit a last line that has one",
      "a\n",
      `@@ -1 +1 @@\n-a\n${END}+x\n`,
      "refused: line 4 of the patch does not match line 1 of the file",
    ],
    [
      "do not begin behind the end",
      "a\n",
      "@@ -5 +5 @@\n-a\n+x\n",
      "refused: the hunk at line 3 of the patch begins behind the end of the file (1 lines)",
    ],
    [
      "do not reach behind the end",
      "a\n",
      "@@ -1,2 +1 @@\n a\n-b\n",
      "refused: line 5 of the patch does not match line 2 of the file",
    ],
    [
      "do not join lines at an end without newline",
      "a",
      "@@ -1,0 +2 @@\n+x\n",
      "refused: line 4 of the patch would follow a line that has no newline",
    ],
    [
      "do not take the newline of a line in the middle",
      "a\nb\n",
      `@@ -1 +1 @@\n-a\n+x\n${END}`,
      "refused: the patch ends the file without a newline, but the file goes on",
    ],
  ];
  for (const [what, old, hunks, wish] of cases) {
    it(what, () => expect(apply(old, hunks)).toBe(wish));
  }

  it("apply in time linear in the file and the hunks", () => {
    const count = 100_000;
    const old = "line\n".repeat(count);
    const hunks = Array.from(
      { length: count / 4 },
      (_, i) => `@@ -${4 * i + 1} +${4 * i + 1} @@\n-line\n+x\n`,
    );
    expect(apply(old, hunks.join("")).startsWith("x\nline\nline\nline\nx\n")).toBe(true);
  });
});
