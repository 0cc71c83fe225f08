import { describe, expect, it } from "vitest";
import type { Host } from "../../../cli/host.ts";
import { main } from "../../../cli/main.ts";

interface Faults {
  readonly out?: Error;
  readonly err?: Error;
}

/** Runs a command line in a process that is only pretended. */
async function run(line: string, faults: Faults = {}) {
  let out = "";
  let err = "";
  const host: Host = {
    args: line.split(" ").filter(Boolean),
    env: () => undefined,
    streams: {
      writeOut(text) {
        if (faults.out) throw faults.out;
        out += text;
      },
      writeErr(text) {
        if (faults.err) throw faults.err;
        err += text;
      },
      outIsTerminal: false,
      errIsTerminal: false,
      async *stdin() {},
    },
    exit: (code) => {
      throw new Error(`exit ${code}`);
    },
    end() {},
    onStop() {},
  };
  const code = await main(host);
  return { code, out, err };
}

const BROKEN_PIPE = Object.assign(new Error("nobody reads"), { code: "EPIPE" });

describe("how a command ends", () => {
  it("tells a fault of its own without a stack, and ends with 70", async () => {
    const { code, out, err } = await run("version", { out: new Error("the disk is full") });
    expect(code).toBe(70);
    expect(out).toBe("");
    expect(err).toBe(
      "nomos: internal error: the disk is full\n" +
        "hint: this is a bug in Nomos; please report it with the command you ran\n",
    );
  });

  it("tells it as JSON to whoever asks for JSON", async () => {
    const { err } = await run("version --format json", { out: new Error("the disk is full") });
    expect(JSON.parse(err).error.message).toBe("nomos: internal error: the disk is full");
    expect(err.trimEnd()).not.toContain("\n");
  });

  it("is quiet when nobody reads its result any more", async () => {
    expect(await run("version", { out: BROKEN_PIPE })).toEqual({ code: 0, out: "", err: "" });
  });

  it("keeps its exit code when nobody reads its complaint", async () => {
    expect(await run("polcy", { err: BROKEN_PIPE })).toEqual({ code: 2, out: "", err: "" });
  });

  it("writes help to stdout when asked, and to stderr when not", async () => {
    expect(await run("policy --help")).toMatchObject({ code: 0, err: "" });
    expect(await run("policy")).toMatchObject({ code: 2, out: "" });
  });
});
