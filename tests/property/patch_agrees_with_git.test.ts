import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openWorkspace } from "../../cli/adapters/workspace.ts";
import { repoApplyPatch } from "../../core/actions/repo_apply_patch.ts";
import { perform } from "../support/perform.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { change, gitApply, gitDiff, plant, shown, type Tree } from "./patch_git.ts";

const RUNS = Number(process.env["NOMOS_TEST_RUNS"] ?? 40);

/** What Nomos makes of a patch: the tree afterwards, or the message of the refusal. */
async function ourApply(before: Tree, patch: string): Promise<Record<string, string> | string> {
  using folder = new TempFolder();
  plant(folder, before);
  const workspace = await openWorkspace(folder.path, { protectedPaths: [] });
  try {
    const done = await perform(
      repoApplyPatch,
      { resource: "repo://org/repo", params: { patch } },
      { workspace },
    );
    if (done.problems !== undefined) {
      expect(folder.tree()).toEqual(shown(before));
      return done.problems.map((problem) => problem.message).join("; ");
    }
    if (done.result?.ok) return folder.tree();
    expect(folder.tree()).toEqual(shown(before));
    return done.result?.reason.message ?? "";
  } finally {
    await workspace.close();
  }
}

const context = fc.constantFrom("-U0", "-U1", "-U3", "-U9");
const renames = fc.constantFrom("-M", "-M20%", "--no-renames", "--binary");

describe("a patch that git writes", () => {
  it("is applied to the very bytes and modes that git meant", async () => {
    await fc.assert(
      fc.asyncProperty(change, context, renames, async ({ before, after }, lines, moves) => {
        const patch = gitDiff(before, after, [lines, moves]);
        if (patch === "") return;
        expect(await ourApply(before, patch)).toEqual(shown(after));
      }),
      { numRuns: RUNS },
    );
  });

  it("is applied like git applies it, or refused, when it was damaged", async () => {
    const seen = { applied: 0, refused: 0 };
    const damage = fc.record({
      kind: fc.constantFrom("drop", "double", "swap", "digit", "sign", "truncate"),
      at: fc.nat(60),
    });
    await fc.assert(
      fc.asyncProperty(
        change,
        context,
        fc.array(damage, { maxLength: 2 }),
        async (trees, lines, damages) => {
          const whole = gitDiff(trees.before, trees.after, [lines, "-M"]);
          const patch = damages.reduce(damaged, whole);
          const ours = await ourApply(trees.before, patch);
          if (typeof ours === "string") {
            seen.refused++;
            return;
          }
          seen.applied++;
          // The one thing we forgive and git does not: a last line without its newline.
          expect(gitApply(trees.before, patch.endsWith("\n") ? patch : `${patch}\n`)).toEqual(ours);
        },
      ),
      { numRuns: RUNS },
    );
    expect(seen.applied).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
  });
});

function damaged(patch: string, { kind, at }: { kind: string; at: number }): string {
  const lines = patch.split("\n");
  const index = at % lines.length;
  const line = lines[index] ?? "";
  if (kind === "drop") lines.splice(index, 1);
  if (kind === "double") lines.splice(index, 0, line);
  if (kind === "swap") lines.splice(index, 2, lines[index + 1] ?? "", line);
  if (kind === "digit") {
    lines[index] = line.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
  }
  if (kind === "sign") lines[index] = line.replace(/^[-+ ]/, (sign) => (sign === "-" ? "+" : "-"));
  return kind === "truncate" ? patch.slice(0, at * 7) : lines.join("\n");
}
