import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, invisibleCharacter, toWirePath } from "../../../../core/encoding/mod.ts";
import type { Resource } from "../../../../core/model/mod.ts";
import { normalizeResource } from "../../../../core/normalize/mod.ts";
import { readVectors } from "../encoding/vectors.ts";

interface Vector {
  type: string;
  resource: string;
  expect?: string;
  error?: string;
  why: string;
}

const vectors = readVectors<Vector>("normalize");

/** The resource as a client would write it: the path percent-encoded; names MCP keeps are never encoded. */
function onTheWire({ scheme, host, path }: Resource): string {
  return `${scheme}://${host}${scheme === "mcp" ? path : toWirePath(path)}`;
}

describe("the vectors", () => {
  it.each(vectors)("$type $resource: $why", ({ type, resource, expect: expected, error }) => {
    const result = normalizeResource(type, resource);
    if (expected !== undefined) {
      expect(result.ok ? result.value.uri : result.reason).toBe(expected);
      return;
    }
    expect(result.ok ? result.value.uri : result.reason.map((p) => p.message).join()).toContain(
      error,
    );
    expect(result.ok ? [] : result.reason.map((p) => p.pointer)).toContain("/resource");
  });
});

describe("a normalized resource", () => {
  it("is its own parts put together", () => {
    expect(normalizeResource("net.http_request", "url://Example.com:8443/a%20b")).toEqual({
      ok: true,
      value: {
        uri: "url://example.com:8443/a b",
        scheme: "url",
        host: "example.com:8443",
        path: "/a b",
      },
    });
  });

  it("stays as it is when it goes over the wire and comes back", () => {
    for (const { type, expect: expected, resource } of vectors) {
      if (expected === undefined) continue;
      const once = normalizeResource(type, resource);
      if (!once.ok) throw new Error(resource);
      expect(normalizeResource(type, onTheWire(once.value))).toEqual(once);
    }
  });

  const pieces = fc.constantFrom(
    ..."aB/.\\%:?# ~@*",
    "%2e",
    "%2E",
    "%2f",
    "%5C",
    "%25",
    "%00",
    "%20",
    "%41",
    "%C3%A9",
    "%E2%80%8B",
    "%3F",
    "..",
    "//",
    "con",
    "é",
    "e\u0301",
    "\u200b",
    "\u0007",
    "Σ",
    "K",
    "😀",
    "．",
    "¹",
  );
  const paths = fc.array(pieces, { maxLength: 10 }).map((parts) => parts.join(""));
  const targets = fc.constantFrom(
    ["fs.read", "file://workspace/"],
    ["fs.read", "file:///x/"],
    ["net.http_request", "url://Example.com:80/"],
    ["net.http_request", "url://0x7f.1/"],
    ["repo.apply_patch", "repo://Org/"],
    ["secrets.checkout", "secret://Vault/"],
    ["mcp.call", "mcp://srv/"],
    ["mcp.resource_read", "mcp://srv/resource/a:"],
    ["payments.refund", "payment://shop.example/"],
  );

  it("keeps its laws, whatever is written", () => {
    let accepted = 0;
    fc.assert(
      fc.property(targets, paths, ([type = "", start = ""], path) => {
        const result = normalizeResource(type, start + path);
        if (!result.ok) {
          expect(result.reason.length).toBeGreaterThan(0);
          return;
        }
        accepted++;
        const { uri, scheme, host, path: clean } = result.value;
        expect(uri).toBe(`${scheme}://${host}${clean}`);
        expect(invisibleCharacter(uri)).toBeUndefined();
        expect(uri).toBe(uri.normalize("NFC"));
        expect(uri).not.toContain("\\");
        const segments = clean.split("/");
        expect(segments).not.toContain(".");
        expect(segments).not.toContain("..");
        if (scheme !== "mcp") expect(clean === "/" || !/\/(?:\/|$)/.test(clean)).toBe(true);
        expect(normalizeResource(type, onTheWire(result.value))).toEqual(result);
        // A rule that names the resource as it is shown matches it.
        const rule = compileGlob(uri.replace(/[*?]/g, "?"));
        expect(rule.ok && rule.value.matches(uri)).toBe(true);
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  it("is the same for every way to encode the same path", () => {
    const name = fc.string({
      unit: fc.constantFrom("a", "B", "é", "😀", "%", "?", "#", " b", "~"),
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(fc.property(name, fc.infiniteStream(fc.boolean()), (name, coins) => {
      const encode = (char: string) =>
        Array.from(
          new TextEncoder().encode(char),
          (byte) => `%${byte.toString(16).padStart(2, "0")}`,
        ).join("");
      const spelled = [...name].map((char) =>
        "%?#".includes(char) || coins.next().value ? encode(char) : char
      ).join("");
      const plain = normalizeResource("net.http_request", `url://h/${encode(name)}`);
      expect(normalizeResource("net.http_request", `url://h/${spelled}`)).toEqual(
        plain,
      );
      expect(plain.ok && plain.value.path).toBe(`/${name}`.normalize("NFC"));
    }));
  });
});

describe("problems", () => {
  it("come all at once", () => {
    const result = normalizeResource("net.http_request", "file://u@h/nul/a:b/c. ?x#y");
    expect(result.ok ? [] : result.reason.map(({ message }) => message)).toEqual([
      "Cannot normalize the resource: net.http_request does not act on file://, expected url://",
      'Cannot normalize the resource: "u@h" stands in the host\'s place, expected file://workspace/<path>',
      'Cannot normalize the resource: it has a query ("?"), expected none; a "?" in a name is written %3F',
      'Cannot normalize the resource: it has a fragment ("#"), expected none; a "#" in a name is written %23',
    ]);
    const names = normalizeResource("fs.read", "file://workspace/nul/a:b/c./d");
    expect(names.ok ? 0 : names.reason.length).toBe(3);
  });

  it("are few and short, whatever was sent", () => {
    for (
      const text of [
        `file://workspace/${"a:/".repeat(20_000)}`,
        `file://${"h".repeat(60_000)}/a`,
        `${"x".repeat(60_000)}://h/a`,
        "x".repeat(60_000),
        `file://workspace/${"%".repeat(60_000)}`,
      ]
    ) {
      const result = normalizeResource("fs.read", text);
      const messages = result.ok ? [] : result.reason.map(({ message }) => message);
      expect(messages.length).toBeGreaterThan(0);
      expect(messages.length).toBeLessThanOrEqual(20);
      expect(messages.every((message) => message.length < 300)).toBe(true);
    }
  });

  it("never repeat a user name or a password", () => {
    for (const text of ["url://alice:hunter2@h/", "url://alice:hunter2@[::1/a?hunter2#hunter2"]) {
      const result = normalizeResource("net.http_request", text);
      expect(JSON.stringify(result)).not.toContain("hunter2");
      expect(result.ok).toBe(false);
    }
  });
});

describe("a megabyte of", () => {
  // Each of these would take minutes where a step looks back at everything read before it.
  it.each([
    ["slashes", `file://workspace/${"/".repeat(1_000_000)}`],
    ["spaces inside", `file://workspace/a${" ".repeat(1_000_000)}b`],
    ["spaces around", `${" ".repeat(1_000_000)}x`],
    ["segments", `url://h/${"a/".repeat(500_000)}`],
    ["escapes", `url://h/${"%41".repeat(300_000)}`],
    ["dots in a host", `url://${"a.".repeat(500_000)}/`],
    ["combining marks", `url://h/${"\u0301".repeat(500_000)}`],
    ["letters of a name", `repo://org/${"É".repeat(500_000)}`],
  ])("%s is answered at once", (_, text) => {
    const types = ["fs.read", "net.http_request", "repo.apply_patch"];
    expect(types.map((type) => normalizeResource(type, text)).length).toBe(3);
  });
});
