import { describe, expect, it } from "vitest";
import { formatHostRule, hostAdmitted, parseHostRule } from "../../../../core/obligations/mod.ts";

describe("an entry of net_allowlist", () => {
  it.each([
    ["api.example.com", "api.example.com"],
    ["API.Example.COM.", "api.example.com"],
    ["api.example.com:443", "api.example.com"],
    ["api.example.com:08443", "api.example.com:8443"],
    ["*.Example.com", "*.example.com"],
    ["*.example.com:8443", "*.example.com:8443"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["HTTP://example.com", "http://example.com"],
    ["http://*.example.com", "http://*.example.com"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["0x7f.1", "127.0.0.1"],
    ["[::1]:8080", "[::1]:8080"],
    ["[0:0:0:0:0:ffff:7f00:1]", "127.0.0.1"],
  ])("%s means %s", (text, wanted) => {
    const rule = parseHostRule(text);
    expect(rule.ok ? formatHostRule(rule.value) : rule.reason).toBe(wanted);
  });

  const https = { scheme: "https", port: 443 } as const;
  const http = { scheme: "http", port: 80 } as const;

  it.each([
    ["a.com", { ...https, host: "a.com" }, true],
    ["a.com", { ...https, host: "x.a.com" }, false],
    ["a.com", { ...https, host: "a.com", port: 8443 }, false],
    ["a.com:8443", { ...https, host: "a.com", port: 8443 }, true],
    ["a.com:8443", { ...https, host: "a.com" }, false],
    ["*.a.com", { ...https, host: "x.a.com" }, true],
    ["*.a.com", { ...https, host: "y.x.a.com" }, true],
    ["*.a.com", { ...https, host: "a.com" }, false],
    ["*.a.com", { ...https, host: "evila.com" }, false],
    ["a.com", { ...http, host: "a.com" }, false],
    ["http://a.com", { ...http, host: "a.com" }, true],
    ["http://a.com", { ...https, host: "a.com" }, false],
    ["http://a.com:8080", { ...http, host: "a.com", port: 8080 }, true],
    ["http://*.a.com", { ...http, host: "x.a.com" }, true],
    ["localhost", { ...http, host: "localhost" }, true],
    ["localhost:3000", { ...http, host: "localhost", port: 3000 }, true],
    ["127.0.0.5", { ...http, host: "127.0.0.5" }, true],
    ["[::1]", { ...http, host: "[::1]" }, true],
    ["*.localhost", { ...http, host: "a.localhost" }, false],
    ["10.0.0.1", { ...http, host: "10.0.0.1" }, false],
  ])("%s and %j: %s", (text, target, wanted) => {
    const rule = parseHostRule(text);
    expect(rule.ok && hostAdmitted([[rule.value]], target)).toBe(wanted);
  });

  it("has to be admitted by every list", () => {
    const [a, b] = ["*.a.com", "x.a.com"].map((text) => parseHostRule(text));
    if (!a?.ok || !b?.ok) throw new Error("both are good");
    expect(hostAdmitted([[a.value], [b.value]], { ...https, host: "x.a.com" })).toBe(true);
    expect(hostAdmitted([[a.value], [b.value]], { ...https, host: "y.a.com" })).toBe(false);
    expect(hostAdmitted([[a.value], []], { ...https, host: "x.a.com" })).toBe(false);
  });
});
