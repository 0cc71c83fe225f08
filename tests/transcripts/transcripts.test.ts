import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { runLine } from "./support/run.ts";
import { formatTranscript, parseTranscript, render, type Step } from "./support/transcript.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));
/** `TRANSCRIPTS=update` writes down what is said now, for a person to read before it is committed. */
const UPDATE = process.env.TRANSCRIPTS === "update" && process.env.CI === undefined;

const NAMES = readdirSync(join(HERE, "data")).filter((name) => name.endsWith(".txt")).sort();

describe("the command line", () => {
  it.each(NAMES)("says what %s says", async (name) => {
    const path = join(HERE, "data", name);
    const text = readFileSync(path, "utf8");
    const { steps, files } = parseTranscript(text);
    expect(steps.length).toBeGreaterThan(0);
    const cwd = folderWith(files);
    const now: Step[] = [];
    for (const step of steps) now.push({ ...step, said: await runLine(step.command, cwd) });
    if (UPDATE) return writeFileSync(path, formatTranscript(text, now));
    const hint =
      "if that is right: TRANSCRIPTS=update deno task test transcripts, then read the diff";
    const lines = (all: readonly Step[]) =>
      all.map(({ command, said }) => [command, ...render(said)]);
    expect(lines(now), hint).toEqual(lines(steps));
  });

  it("keeps transcripts as they are when nothing changed", () => {
    for (const name of NAMES) {
      const text = readFileSync(join(HERE, "data", name), "utf8");
      expect(formatTranscript(text, parseTranscript(text).steps)).toBe(text);
    }
  });
});

function folderWith(files: readonly { readonly path: string; readonly content: string }[]): string {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), "nomos-transcript-")));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  cpSync(EXAMPLES, join(cwd, "examples"), { recursive: true });
  for (const { path, content } of files) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), content);
  }
  return cwd;
}
