import { describe, expect, it } from "vitest";
import { decodeOutput } from "../../../../core/encoding/mod.ts";

function utf16(text: string, order: "le" | "be", mark = true): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), order === "le");
  const bom = order === "le" ? [0xff, 0xfe] : [0xfe, 0xff];
  return new Uint8Array([...(mark ? bom : []), ...bytes]);
}

describe("output as text", () => {
  const text = "TOKEN=hunter2\nnext line äöü\n";

  it.each([
    ["UTF-8", new TextEncoder().encode(text)],
    ["UTF-16, little-endian, marked", utf16(text, "le")],
    ["UTF-16, big-endian, marked", utf16(text, "be")],
    ["UTF-16, little-endian, unmarked", utf16(text, "le", false)],
    ["UTF-16, big-endian, unmarked", utf16(text, "be", false)],
  ])("is read from %s", (_, bytes) => {
    expect(decodeOutput(bytes)).toBe(text);
  });

  it.each([
    ["a few NULs among text", new TextEncoder().encode("a\0b c d e f g h i j k l m n o p")],
    ["zeros only", new Uint8Array(64)],
    ["nothing", new Uint8Array()],
    ["one byte", new Uint8Array([0x61])],
  ])("is UTF-8 when there are %s", (_, bytes) => {
    expect(decodeOutput(bytes)).toBe(new TextDecoder().decode(bytes));
  });

  it("leaves out the beginning of a character that was cut", () => {
    const whole = new TextEncoder().encode("aé");
    expect(decodeOutput(whole.subarray(0, 2), { cut: true })).toBe("a");
    expect(decodeOutput(whole.subarray(0, 2))).toBe("a\ufffd");
  });
});
