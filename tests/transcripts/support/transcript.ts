/**
 * A transcript is what a terminal would show: commands behind `$`, then what they wrote and how they ended.
 *
 * ```txt
 * # Lines like this one are for the reader.
 * $ nomos polcy
 * ! nomos: unknown command 'polcy' (Did you mean policy?)
 * = 2
 *
 * -- bundle.yaml --
 * version: v1
 * ```
 *
 * `|` begins a line of stdout, `!` a line of stderr, `=` tells the exit code when it is not 0. Behind the last command
 * stand the files the commands find.
 */
export interface Transcript {
  readonly steps: readonly Step[];
  readonly files: readonly TranscriptFile[];
}

/** One command with what was expected of it. */
export interface Step {
  /** Comments and blank lines in front of it, as they stand. */
  readonly lead: readonly string[];
  readonly command: string;
  readonly said: Said;
}

/** What a command said. */
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A file the commands find in their folder. */
export interface TranscriptFile {
  readonly path: string;
  readonly content: string;
}

const FILE = /^-- (\S+) --$/;

/** Reads a transcript. */
export function parseTranscript(text: string): Transcript {
  const lines = text.split("\n");
  const firstFile = lines.findIndex((line) => FILE.test(line));
  const end = firstFile === -1 ? lines.length : firstFile;
  return { steps: parseSteps(lines.slice(0, end)), files: parseFiles(lines.slice(end)) };
}

function parseSteps(lines: readonly string[]): Step[] {
  const steps: Step[] = [];
  let lead: string[] = [];
  let said: string[] = [];
  let command: string | undefined;
  const close = () => {
    if (command !== undefined) steps.push({ lead, command, said: readSaid(said) });
    [lead, said, command] = [[], [], undefined];
  };
  for (const line of lines) {
    if (/^[|!=]/.test(line)) {
      said.push(line);
      continue;
    }
    if (command !== undefined) close();
    if (line.startsWith("$ ")) command = line.slice(2);
    else lead.push(line);
  }
  close();
  return steps;
}

function readSaid(lines: readonly string[]): Said {
  const of = (mark: string) =>
    lines.filter((line) => line.startsWith(mark)).map((line) => `${line.slice(2)}\n`).join("");
  return { stdout: of("|"), stderr: of("!"), exitCode: Number(of("=") || 0) };
}

function parseFiles(lines: readonly string[]): TranscriptFile[] {
  const files: { path: string; lines: string[] }[] = [];
  for (const line of lines) {
    const path = FILE.exec(line)?.[1];
    if (path === undefined) files.at(-1)?.lines.push(line);
    else files.push({ path, lines: [] });
  }
  return files.map(({ path, lines }) => ({ path, content: lines.join("\n") }));
}

/** Writes steps with what was really said, in front of the text's files as they stand. */
export function formatTranscript(text: string, steps: readonly Step[]): string {
  const firstFile = text.search(/^-- \S+ --$/m);
  const files = firstFile === -1 ? "" : `\n${text.slice(firstFile)}`;
  const body = steps.flatMap((
    { lead, command, said },
  ) => [...lead, `$ ${command}`, ...render(said)]);
  return `${body.join("\n").trimEnd()}\n${files}`;
}

/** What was said, as lines of a transcript. */
export function render({ stdout, stderr, exitCode }: Said): string[] {
  return [
    ...marked(stdout, "|"),
    ...marked(stderr, "!"),
    ...(exitCode === 0 ? [] : [`= ${exitCode}`]),
  ];
}

function marked(text: string, mark: string): string[] {
  if (text === "") return [];
  return text.replace(/\n$/, "").split("\n").map((line) => line === "" ? mark : `${mark} ${line}`);
}
