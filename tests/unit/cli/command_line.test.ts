import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCommandLine } from "../../../cli/command_line.ts";
import { formsOf } from "../../../cli/options.ts";
import { parse } from "../../../cli/parse.ts";
import { parsePlain } from "../../../cli/parse_plain.ts";
import { type AnyCommand, COMMANDS } from "../../../commands/registry.ts";

const NO_ENV = (): undefined => undefined;

describe("reading a command line", () => {
  it("takes a flag before the environment, and that before the default", async () => {
    const env = (name: string) => ({ NOMOS_CONFIG: "env.json" })[name];
    const said = await readCommandLine(["config", "show", "-c", "flag.json"], env);
    expect(said).toMatchObject({ kind: "run", options: { config: "flag.json", format: "text" } });
    const unsaid = await readCommandLine(["config", "show"], env);
    expect(unsaid).toMatchObject({ kind: "run", options: { config: "env.json" } });
  });

  it("counts an empty environment variable as absent", async () => {
    const asked = await readCommandLine(["config", "show"], () => "");
    expect(asked).toMatchObject({
      kind: "usage",
      message: expect.stringContaining("NOMOS_CONFIG"),
    });
  });

  it("collects a list and keeps its order", async () => {
    const line = ["policy", "test", "--action", "a.json", "--bundle", "1.yaml", "--bundle=2.yaml"];
    const asked = await readCommandLine(line, NO_ENV);
    expect(asked).toMatchObject({ kind: "run", options: { bundle: ["1.yaml", "2.yaml"] } });
  });

  const HELP: readonly (readonly string[])[] = [
    ["help"],
    ["--help"],
    ["policy", "--help"],
    ["help", "policy"],
    ["policy", "test", "-h"],
    ["help", "policy", "test"],
    ["policy", "test", "--bundle", "x.yaml", "--help"],
  ];
  it.each(HELP.map((line) => [line.join(" "), line] as const))("helps with %s", async (_, line) => {
    expect((await readCommandLine(line, NO_ENV)).kind).toBe("help");
  });

  const WRONG: readonly (readonly [line: string, says: string])[] = [
    ["", "Usage: nomos <command>"],
    ["policy", "Usage: nomos policy <command>"],
    ["polcy test", "Did you mean policy?"],
    ["policy tset", "Did you mean test?"],
    ["policy test --bundel x.yaml", "Did you mean --bundle?"],
    ["policy test --bundle x.yaml", "option '--action <path>' is missing"],
    ["policy test --action", "argument missing"],
    ["audit tail log -n abc", "Expected a whole number from 0."],
    ["audit tail log -n -1", "Expected a whole number from 0."],
    ["audit tail", "missing required argument 'log'"],
    ["version again", "too many arguments"],
    ["version --format xml", "Expected one of text, json."],
  ];
  it.each(WRONG)("refuses `nomos %s` and says what is wrong", async (line, says) => {
    const words = line === "" ? [] : line.split(" ");
    const asked = await readCommandLine(words, NO_ENV);
    expect(asked).toMatchObject({ kind: "usage", message: expect.stringContaining(says) });
  });
});

describe("the plain reader", () => {
  it("reads whatever it reads as the library does", async () => {
    const commands = await Promise.all(COMMANDS.map(({ load }) => load()));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...commands).chain(lineOf), async (line) => {
        const plain = await parsePlain(line);
        fc.pre(plain?.written !== undefined);
        if (plain?.written === undefined) return;
        const parsed = await parse(line);
        expect(parsed).toMatchObject({ kind: "run", command: plain.command });
        if (parsed.kind === "run") expect(normal(parsed.written)).toEqual(normal(plain.written));
      }),
    );
  });

  it("reads the usual lines by itself", async () => {
    for (const line of ["version", "policy test --action a --bundle b", "audit tail log -n 5"]) {
      expect((await parsePlain(line.split(" ")))?.written).toBeDefined();
    }
  });
});

interface AnyWritten {
  readonly options: ReadonlyMap<string, unknown>;
  readonly args: readonly string[];
}

function normal({ options, args }: AnyWritten): unknown {
  return { args, options: Object.fromEntries([...options].sort(([a], [b]) => a < b ? -1 : 1)) };
}

/** Lines around a command: its own options, right and wrong words in between. */
function lineOf(command: AnyCommand): fc.Arbitrary<readonly string[]> {
  const forms = Object.values(command.options).map((spec) => formsOf(spec));
  const names = forms.flatMap(({ long, short }) => short === undefined ? [long] : [long, short]);
  const word = fc.constantFrom("x", "-", "--", "", "7", "json", "-1", "a=b", "--no", "-x", "é");
  const piece = fc.oneof(
    word.map((one) => [one]),
    fc.constantFrom("--help", ...names).map((name) => [name]),
    fc.tuple(fc.constantFrom("-z", ...names), word).map(([name, value]) => [name, value]),
    fc.tuple(fc.constantFrom("--z", ...names), word).map(([name, value]) => [`${name}=${value}`]),
    fc.constantFrom(...forms, undefined).map((form) => form ? [form.long, "json"] : []),
  );
  return fc.array(piece, { maxLength: 6 }).map((pieces) => [...command.path, ...pieces.flat()]);
}
