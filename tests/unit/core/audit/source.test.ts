import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesOf } from "../../../../core/audit/mod.ts";

async function linesOfChunks(chunks: readonly Uint8Array[]) {
  const lines = [];
  for await (const line of linesOf(stream(chunks))) lines.push(line);
  return lines;
}

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("linesOf", () => {
  it("counts lines from 1 and tells a last one without its newline", async () => {
    expect(await linesOfChunks([bytes("a\n\nbc\nd")])).toEqual([
      { at: 1, text: "a", complete: true, bytes: 1 },
      { at: 2, text: "", complete: true, bytes: 0 },
      { at: 3, text: "bc", complete: true, bytes: 2 },
      { at: 4, text: "d", complete: false, bytes: 1 },
    ]);
    expect(await linesOfChunks([bytes("a\n")])).toHaveLength(1);
    expect(await linesOfChunks([])).toEqual([]);
  });

  it("gives the same lines however the bytes arrive", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "grapheme" })),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        async (texts, sizes) => {
          const whole = bytes(texts.join("\n"));
          const chunks: Uint8Array[] = [];
          for (let at = 0; at < whole.length;) {
            const size = sizes.next().value;
            chunks.push(whole.slice(at, at + size));
            at += size;
          }
          expect(await linesOfChunks(chunks)).toEqual(await linesOfChunks([whole]));
        },
      ),
    );
  });

  it("has no text for what is not UTF-8, nor for a line longer than any event", async () => {
    const long = new Uint8Array(6 * 1024 * 1024).fill(97);
    const lines = await linesOfChunks([
      new Uint8Array([0xff, 10]),
      long,
      long,
      long,
      bytes("\nb\n"),
    ]);
    expect(lines.map((line) => [line.at, line.text, line.bytes])).toEqual([
      [1, undefined, 1],
      [2, undefined, 3 * long.length],
      [3, "b", 1],
    ]);
  });
});
