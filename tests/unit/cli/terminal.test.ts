import { describe, expect, it } from "vitest";
import { createTerminal, type Streams } from "../../../cli/terminal.ts";

function broken(streams: Partial<Streams>): Streams {
  return {
    writeOut: () => {},
    writeErr: () => {},
    outIsTerminal: false,
    errIsTerminal: false,
    stdin: async function* () {},
    ...streams,
  };
}

const pipe = () => {
  throw Object.assign(new Error("broken pipe"), { code: "EPIPE" });
};

describe("a terminal", () => {
  it("whose stderr is gone is talked to in vain, and nothing else stops for it", () => {
    const terminal = createTerminal(broken({ writeErr: pipe }), () => undefined);
    expect(() => terminal.err("a line\n")).not.toThrow();
  });

  it("whose stdout is gone ends the command: nobody takes its results", () => {
    const terminal = createTerminal(broken({ writeOut: pipe }), () => undefined);
    expect(() => terminal.out("a result\n")).toThrow("broken pipe");
  });
});
