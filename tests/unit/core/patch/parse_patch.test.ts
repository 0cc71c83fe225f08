import { describe, expect, it } from "vitest";
import { type FilePatch, MAX_PATCH_FILES, parsePatch } from "../../../../core/patch/mod.ts";

const HUNK = "@@ -1 +1 @@\n-a\n+b\n";
const file = (name: string, rest = HUNK) => `--- a/${name}\n+++ b/${name}\n${rest}`;
const git = (name: string, rest: string) => `diff --git a/${name} b/${name}\n${rest}`;

/** A file's patch as one word a fact. */
function told(patch: FilePatch): string {
  const from = patch.kind === "rename" ? `${patch.from} -> ` : "";
  const mode = "executable" in patch ? ` executable=${patch.executable}` : "";
  return `${patch.kind} ${from}${patch.path}${mode} hunks=${patch.hunks.length}`;
}

function parsed(text: string): string {
  const result = parsePatch(text);
  return result.ok ? result.value.map(told).join(", ") : result.reason.message;
}

describe("a patch", () => {
  const good: readonly (readonly [string, string, string])[] = [
    ["of one file", file("f"), "modify f hunks=1"],
    [
      "with times behind the names",
      `--- a/f\t2024-01-01\n+++ b/f\t2024\n${HUNK}`,
      "modify f hunks=1",
    ],
    ["of a name with blanks", file("a b/c d"), "modify a b/c d hunks=1"],
    ["without its last newline", file("f").slice(0, -1), "modify f hunks=1"],
    [
      "with blank lines between files",
      `\n${file("f")}\n\n${file("g")}\n`,
      "modify f hunks=1, modify g hunks=1",
    ],
    [
      "that creates a file",
      `--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n`,
      "create f executable=false hunks=1",
    ],
    ["that deletes a file", `--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n`, "delete f hunks=1"],
    [
      "of git that creates an executable",
      git("f", "new file mode 100755\nindex 000..111\n--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n"),
      "create f executable=true hunks=1",
    ],
    [
      "of git that creates an empty file",
      git("f g", "new file mode 100644\nindex 0000000..e69de29\n"),
      "create f g executable=false hunks=0",
    ],
    [
      "of git that deletes an empty file",
      git("f", "deleted file mode 100644\nindex e69de29..0000000\n"),
      "delete f hunks=0",
    ],
    [
      "of git that changes a mode",
      git("f", "old mode 100644\nnew mode 100755\n"),
      "modify f executable=true hunks=0",
    ],
    [
      "of git that renames",
      "diff --git a/f b/g h\nsimilarity index 100%\nrename from f\nrename to g h\n",
      "rename f -> g h hunks=0",
    ],
    [
      "of git that renames and changes",
      `diff --git a/f b/g\nold mode 100755\nnew mode 100644\nsimilarity index 90%\nrename from f\nrename to g\nindex 1..2\n--- a/f\n+++ b/g\n${HUNK}`,
      "rename f -> g executable=false hunks=1",
    ],
    [
      "of a quoted name",
      `diff --git "a/caf\\303\\251\\"" "b/caf\\303\\251\\""\n--- "a/caf\\303\\251\\""\n+++ "b/caf\\303\\251\\""\t\n${HUNK}`,
      'modify café" hunks=1',
    ],
    [
      "with one name quoted and one not",
      `diff --git "a/\\303\\251" b/e\nsimilarity index 100%\nrename from "\\303\\251"\nrename to e\n`,
      "rename é -> e hunks=0",
    ],
    ["of a name in NFD, which becomes NFC", file("e\u0301"), "modify \u00e9 hunks=1"],
    ["of names from JavaScript", file("__proto__"), "modify __proto__ hunks=1"],
    [
      "with a heading behind the hunk's numbers",
      file("f", "@@ -1 +1 @@ function f() {\n-a\n+b\n"),
      "modify f hunks=1",
    ],
    [
      "with hunk lines that look like headers",
      file("f", "@@ -1,2 +1,2 @@\n--- a/x\n+++ b/y\n @@ -1 +1 @@\n"),
      "modify f hunks=1",
    ],
    [
      "with an empty context line whose blank was stripped",
      file("f", "@@ -1,2 +1,2 @@\n\n-a\n+b\n"),
      "modify f hunks=1",
    ],
    [
      "without context",
      file("f", "@@ -0,0 +1 @@\n+x\n@@ -3,0 +5,2 @@\n+y\n+z\n@@ -7 +9,0 @@\n-a\n"),
      "modify f hunks=3",
    ],
  ];
  for (const [what, text, wish] of good) {
    it(`${what} is taken`, () => expect(parsed(text)).toBe(wish));
  }

  const bad: readonly (readonly [string, string, string, number])[] = [
    ["that is empty", "", "no files", 1],
    ["of nothing but blank lines", "\n\n", "no files", 3],
    ["that is prose", "Please change f\n", "means nothing", 1],
    ["with prose before it", `hello\n${file("f")}`, "means nothing", 1],
    ["with prose behind it", `${file("f")}-- \n2.39.5\n`, "outside of a hunk", 6],
    ["with more hunk lines than promised", file("f", `${HUNK}+c\n`), "outside of a hunk", 6],
    [
      "with fewer hunk lines than promised",
      file("f", "@@ -1,2 +1,2 @@\n-a\n+b\n"),
      "ends too early: 1 old and 1 new",
      6,
    ],
    [
      "whose hunk is interrupted by the next file",
      file("f", `@@ -1,2 +1,2 @@\n-a\n+b\n${git("g", "")}`),
      "ends too early",
      6,
    ],
    [
      "with too many lines of one side",
      file("f", "@@ -1,2 +1 @@\n a\n b\n"),
      "more lines than its header",
      5,
    ],
    ["with a hunk that changes nothing", file("f", "@@ -1 +1 @@\n a\n"), "changes nothing", 5],
    ["with an empty hunk", file("f", "@@ -1,0 +1,0 @@\n"), "no lines", 3],
    ["with a broken hunk header", file("f", "@@ -x +1 @@\n-a\n"), "not of the form", 3],
    [
      "with a hunk header of endless digits",
      file("f", `@@ -${"1".repeat(50)} +1 @@\n-a\n`),
      "not of the form",
      3,
    ],
    ["that begins at line 0", file("f", "@@ -0 +0 @@\n-a\n+b\n"), "lines count from 1", 3],
    [
      "with overlapping hunks",
      file("f", `@@ -1,2 +1,2 @@\n-a\n+b\n c\n@@ -2 +2 @@\n-c\n+d\n`),
      "overlaps",
      7,
    ],
    ["with hunks out of order", file("f", `@@ -9 +9 @@\n-a\n+b\n${HUNK}`), "overlaps", 6],
    [
      "whose new line numbers do not fit",
      file("f", "@@ -3 +4 @@\n-a\n+b\n"),
      "begins at +4, expected +3",
      3,
    ],
    [
      "with a line behind the last of the file",
      file("f", "@@ -1,2 +1 @@\n-a\n\\ No newline at end of file\n-b\n+c\n"),
      "the last of its file",
      6,
    ],
    [
      "with a hunk behind the last line of the file",
      file("f", `@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n@@ -2,0 +3 @@\n+c\n`),
      "reached the end",
      7,
    ],
    [
      "whose word about the newline is cut short",
      file("f", "@@ -1 +1 @@\n-a\n+b\n\\ No\n"),
      "outside of a hunk",
      6,
    ],
    ["without a +++ line", "--- a/f\n@@ -1 +1 @@\n-a\n+b\n", "+++", 2],
    ["without hunks", "--- a/f\n+++ b/f\n", "no hunks", 1],
    ["of git without hunks behind ---", git("f", "--- a/f\n+++ b/f\n"), "but no hunks", 1],
    ["of git that changes nothing", git("f", "index 1..2 100644\n"), "neither hunks nor", 1],
    ["without prefixes", `--- f\n+++ f\n${HUNK}`, "prefixes a/ and b/", 1],
    ["with other prefixes", `--- i/f\n+++ w/f\n${HUNK}`, "prefixes a/ and b/", 1],
    ["whose two names differ", `--- a/f\n+++ b/g\n${HUNK}`, "name differ", 1],
    [
      "of git whose names differ without a rename",
      `diff --git a/f b/g\n--- a/f\n+++ b/g\n${HUNK}`,
      "name one file twice",
      1,
    ],
    [
      "of git whose --- line names another file",
      git("f", `--- a/g\n+++ b/f\n${HUNK}`),
      "--- line names another",
      1,
    ],
    [
      "of git whose +++ line names another file",
      git("f", `--- a/f\n+++ b/g\n${HUNK}`),
      "+++ line names another",
      1,
    ],
    [
      "of git whose rename lines name another file",
      "diff --git a/f b/g\nrename from f\nrename to h\n",
      "rename lines name different",
      1,
    ],
    ["from nothing to nothing", `--- /dev/null\n+++ /dev/null\n${HUNK}`, "both files", 3],
    [
      "of git that creates without saying so",
      git("f", "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n"),
      "new file mode 100644",
      1,
    ],
    [
      "of git that deletes without saying so",
      git("f", "--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"),
      "deleted file mode 100644",
      1,
    ],
    [
      "that makes a symlink",
      git("f", "new file mode 120000\n--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+/etc\n"),
      'mode "120000"',
      2,
    ],
    ["of a symlink", git("f", `index 1..2 120000\n--- a/f\n+++ b/f\n${HUNK}`), 'mode "120000"', 2],
    ["of a submodule", git("f", "old mode 160000\nnew mode 100644\n"), 'mode "160000"', 2],
    ["with half a mode change", git("f", "old mode 100644\n"), "stand together", 3],
    ["with half a rename", git("f", "rename from f\n"), "stand together", 3],
    [
      "with a line twice",
      git("f", "new file mode 100644\nnew file mode 100755\n"),
      "stands twice",
      3,
    ],
    [
      "that creates and deletes",
      git("f", "new file mode 100644\ndeleted file mode 100644\n"),
      "one of these",
      4,
    ],
    [
      "that copies",
      "diff --git a/f b/g\nsimilarity index 100%\ncopy from f\ncopy to g\n",
      "copies a file",
      3,
    ],
    ["of a binary file", git("f", "index 1..2 100644\nGIT binary patch\nliteral 1\n"), "binary", 3],
    [
      "that only says a binary file differs",
      git("f", "Binary files a/f and b/f differ\n"),
      "binary",
      2,
    ],
    [
      "with \\r at the end of its headers",
      file("f").replaceAll("\n", "\r\n"),
      "carriage return",
      1,
    ],
    [
      "with \\r in git's lines",
      git("f", "old mode 100644\r\nnew mode 100755\r\n"),
      "carriage return",
      2,
    ],
    ["that leaves the workspace", file("../f"), "traversal", 1],
    ["with a . segment", file("./f"), "traversal", 1],
    ["of an absolute path", file("/etc/passwd"), "absolute", 1],
    ["of a drive", file("C:/f"), '":"', 1],
    ["of a device name", file("dir/con"), "device", 1],
    ["with a backslash", file("a\\b"), "backslash", 1],
    ["with a quoted backslash", `--- "a/x\\\\y"\n+++ "b/x\\\\y"\n${HUNK}`, "backslash", 1],
    ["with a quoted control character", `--- "a/x\\ny"\n+++ "b/x\\ny"\n${HUNK}`, "U+000A", 1],
    ["with a name that reads backwards", file("a\u202eb"), "U+202E", 1],
    ["with a quote that does not close", `--- "a/f\n+++ b/f\n${HUNK}`, "no closing quote", 1],
    ["with an unknown escape", `--- "a/\\x41"\n+++ "b/A"\n${HUNK}`, "escape", 1],
    ["with an octal escape beyond a byte", `--- "a/\\777"\n+++ "b/A"\n${HUNK}`, "escape", 1],
    [
      "with quoted bytes that are not UTF-8",
      `--- "a/\\377"\n+++ "b/\\377"\n${HUNK}`,
      "not valid UTF-8",
      1,
    ],
    [
      "with something behind a quoted name",
      `--- "a/f"x\n+++ b/f\n${HUNK}`,
      "follows a quoted name",
      1,
    ],
    ["of no name", `--- a/\n+++ b/\n${HUNK}`, "empty", 1],
    ["that changes a file twice", file("f") + file("f"), "changed twice", 6],
    ["that changes a file twice in two spellings", file("f//g") + file("f/g"), "changed twice", 6],
    [
      "that renames onto a file it changes",
      `${file("g")}diff --git a/f b/g\nrename from f\nrename to g\n`,
      "changed twice",
      6,
    ],
    [
      "that renames a file to itself",
      "diff --git a/f b/f\nrename from f\nrename to f\n",
      "changed twice",
      1,
    ],
  ];
  for (const [what, text, wish, line] of bad) {
    it(`${what} is refused, with the line`, () => {
      const result = parsePatch(text);
      expect(result.ok).toBe(false);
      if (result.ok) return;
      expect(result.reason.message).toContain(wish);
      expect(result.reason.message).toContain(`at line ${line}: `);
      expect(result.reason.position?.line).toBe(line);
    });
  }

  it("of too many files is refused", () => {
    const files = Array.from({ length: MAX_PATCH_FILES + 1 }, (_, i) => file(`f${i}`));
    expect(parsed(files.slice(1).join(""))).toContain("modify f256");
    expect(parsed(files.join(""))).toContain(`more than ${MAX_PATCH_FILES} files`);
  });

  it("is read in time linear in its length, whatever it holds", () => {
    const size = 400_000;
    const texts = [
      file("f", `@@ -1,${size} +1,${size} @@\n${" \n".repeat(size)}`),
      file("f", `@@ -1,${size} +1 @@\n${"-\n".repeat(size)}`),
      file("x".repeat(size)),
      `--- "a/${"\\303".repeat(size / 4)}\n`,
      `diff --git ${"a/ b/".repeat(size / 5)}\n`,
      "\n".repeat(size),
      file("a/".repeat(size / 2)),
      git("f", "similarity index 1%\n".repeat(size / 20)),
      file("f", "@@ -0,0 +1 @@\n+a\n".repeat(size / 16)),
    ];
    // What is not linear takes minutes here.
    for (const text of texts) parsePatch(text);
  });
});
