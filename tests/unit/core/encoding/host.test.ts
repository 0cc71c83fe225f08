import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeHost } from "../../../../core/encoding/mod.ts";

describe("normalizeHost", () => {
  it.each([
    ["example.com", "example.com"],
    ["Example.COM", "example.com"],
    ["example.com.", "example.com"],
    ["localhost", "localhost"],
    ["a_b.example", "a_b.example"],
    ["-a.example", "-a.example"],
    ["1e100.example", "1e100.example"],
    ["1.a", "1.a"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["BÜCHER.example", "xn--bcher-kva.example"],
    ["bu\u0308cher.example", "xn--bcher-kva.example"],
    ["XN--BCHER-KVA.example", "xn--bcher-kva.example"],
    ["faß.example", "xn--fa-hia.example"],
    ["ｅｘａｍｐｌｅ.com", "example.com"],
    ["example。com", "example.com"],
    ["example.com。", "example.com"],
    ["ﬁ.example", "fi.example"],
    ["💩.la", "xn--ls8h.la"],
    ["127.0.0.1", "127.0.0.1"],
    ["127.0.0.1.", "127.0.0.1"],
    ["127.1", "127.0.0.1"],
    ["127.0.1", "127.0.0.1"],
    ["2130706433", "127.0.0.1"],
    ["0x7f000001", "127.0.0.1"],
    ["0x7f.0.0.1", "127.0.0.1"],
    ["0X7F.1", "127.0.0.1"],
    ["0177.0.0.01", "127.0.0.1"],
    ["017700000001", "127.0.0.1"],
    ["0", "0.0.0.0"],
    ["0x", "0.0.0.0"],
    ["1.2.3.0x", "1.2.3.0"],
    ["１２７.0.0.1", "127.0.0.1"],
    ["①②⑦.0.0.1", "127.0.0.1"],
    ["[::1]", "[::1]"],
    ["[0:0:0:0:0:0:0:1]", "[::1]"],
    ["[2001:DB8::1]", "[2001:db8::1]"],
    ["[2001:db8:0:0:1:0:0:1]", "[2001:db8::1:0:0:1]"],
    ["[2001:0db8:0001:0000:0000:0000:0000:0001]", "[2001:db8:1::1]"],
    ["[::ffff:127.0.0.1]", "127.0.0.1"],
    ["[::ffff:7f00:1]", "127.0.0.1"],
    ["[::FFFF:0:0]", "0.0.0.0"],
    ["[0:0:0:0:0:ffff:192.168.0.1]:8080", "192.168.0.1:8080"],
    ["[::127.0.0.1]", "[::7f00:1]"],
    ["[64:ff9b::1.2.3.4]", "[64:ff9b::102:304]"],
    ["example.com:80", "example.com"],
    ["example.com:443", "example.com"],
    ["example.com:0443", "example.com"],
    ["example.com:8080", "example.com:8080"],
    ["example.com:08080", "example.com:8080"],
    ["example.com:000000000000000000000000001", "example.com:1"],
    ["example.com:65535", "example.com:65535"],
    ["[::1]:8443", "[::1]:8443"],
  ])("writes %j as %j", (host, expected) => {
    expect(normalizeHost(host)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ["", "empty"],
    [".", "empty"],
    ["..", "label"],
    ["a..b", "label"],
    [".a", "label"],
    ["a..", "label"],
    ["a.。", "label"],
    [":80", "empty"],
    ["a:", "port"],
    ["a:0", "port"],
    ["a:65536", "port"],
    ["a:99999999999999999999", "port"],
    ["a:-1", "port"],
    ["a:+80", "port"],
    ["a: 80", "port"],
    ["a:8a", "port"],
    ["a:８０", "port"],
    ["a:80:80", "colon"],
    ["::1", "brackets"],
    ["[::1", "brackets"],
    ["[::1]x", "brackets"],
    ["[::1]x:80", "brackets"],
    ["::1]", "brackets"],
    ["[]", "IPv6"],
    ["[1::2::3]", "IPv6"],
    ["[::g]", "IPv6"],
    ["[1:2:3:4:5:6:7:8:9]", "IPv6"],
    ["[127.0.0.1]", "IPv6"],
    ["[::1.2.3]", "IPv6"],
    ["[fe80::1%eth0]", '"%"'],
    ["[fe80::1%25eth0]", '"%"'],
    ["exa%6dple.com", '"%"'],
    ["％41.com", "not a valid"],
    ["a b", "character"],
    ["a@b", "character"],
    ["a/b", "character"],
    ["a\\b", "character"],
    ["a?b", "character"],
    ["a#b", "character"],
    ["a,b", "character"],
    ["a*b", "character"],
    ["a\u00adb", "U+00AD"],
    ["a\u200bb", "U+200B"],
    ["a\u200d.b", "U+200D"],
    ["a\tb", "U+0009"],
    ["℀.com", "not a valid"],
    ["a／b.com", "not a valid"],
    ["a＠b.com", "not a valid"],
    ["256.1.1.1", "not a valid"],
    ["1.2.3.4.5", "not a valid"],
    ["4294967296", "not a valid"],
    ["09", "not a valid"],
    ["a.0x7f", "not a valid"],
    ["a.1", "not a valid"],
    ["xn--a", "not a valid"],
    ["xn--", "not a valid"],
    ["xn--abc-", "not a valid"],
    [`${"a".repeat(64)}.b`, "too long"],
    [`${"a.".repeat(127)}b`, "too long"],
    ["é".repeat(100_000), "too long"],
  ])("refuses %j", (host, why) => {
    const result = normalizeHost(host);
    expect(result.ok ? `accepted as ${result.value}` : result.reason).toContain(why);
  });

  const pieces = fc.constantFrom(
    ..."aZ019.-_:[]%x",
    "ü",
    "。",
    "ｅ",
    "０",
    "xn--",
    "0x",
    "::",
    "ffff",
    ":80",
    "127.",
    "ß",
    "\u0301",
    "㎅",
    "Σ",
  );
  const hosts = fc.array(pieces, { minLength: 1, maxLength: 10 }).map((parts) => parts.join(""));

  it("leaves its own output alone", () => {
    fc.assert(
      fc.property(hosts, (host) => {
        const once = normalizeHost(host);
        if (once.ok) expect(normalizeHost(once.value)).toEqual(once);
      }),
      { numRuns: 3000 },
    );
  });

  it("lets only the characters of names, addresses and ports out", () => {
    fc.assert(
      fc.property(hosts, (host) => {
        const result = normalizeHost(host);
        if (result.ok) {
          expect(result.value).toMatch(/^(?:[a-z0-9_.-]+|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?$/);
          expect(result.value).not.toMatch(/:(?:80|443)$|\.(?::|$)/);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("leaves one spelling of every IPv4 address", () => {
    const byte = fc.nat(255);
    fc.assert(fc.property(byte, byte, byte, byte, fc.nat(7), (a, b, c, d, style) => {
      const number = ((a * 256 + b) * 256 + c) * 256 + d;
      const hex = (n: number) => n.toString(16);
      const spelling = [
        `${a}.${b}.${c}.${d}.`,
        String(number),
        `0x${hex(number)}`,
        `0${number.toString(8)}`,
        `${a}.${number % 2 ** 24}`,
        `0${a.toString(8)}.0x${hex(b)}.${c * 256 + d}`,
        `[::ffff:${a}.${b}.${c}.${d}]`,
        `[0:0::FFFF:${hex(a * 256 + b)}:${hex(c * 256 + d)}]`,
      ][style] ?? "";
      expect(normalizeHost(spelling)).toEqual({ ok: true, value: `${a}.${b}.${c}.${d}` });
    }));
  });

  it("leaves one spelling of every IPv6 address", () => {
    const words = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(fc.property(words, (words) => {
      const long = words.map((word) => word.toString(16).padStart(4, "0").toUpperCase()).join(":");
      const short = words.map((word) => word.toString(16)).join(":");
      const first = normalizeHost(`[${long}]`);
      expect(first.ok).toBe(true);
      expect(normalizeHost(`[${short}]`)).toEqual(first);
      expect(first.ok && first.value).not.toMatch(/(^|[[:])0[0-9a-f]|[A-F]/);
    }));
  });
});
