import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../../core/encoding/mod.ts";
import type { Terms } from "../../../../core/model/mod.ts";
import {
  hostAdmitted,
  matchesArgv,
  mergeTerms,
  parseTerms,
  termsToJson,
} from "../../../../core/obligations/mod.ts";

function termsOf(value: JsonValue, rule = "r"): Terms {
  const terms = parseTerms(value, { pointer: "/obligations", rule });
  if (!terms.ok) throw new Error(JSON.stringify(terms.reason));
  return terms.value;
}

const merge = (...values: JsonValue[]) =>
  termsToJson(mergeTerms(values.map((value, i) => termsOf(value, `rule-${i}`))), { extras: true });

describe("several rules' obligations become the stricter", () => {
  it.each<[string, JsonValue, JsonValue, JsonValue]>([
    ["the strictest sandbox", { sandbox_mode: "local" }, { sandbox_mode: "container" }, {
      sandbox_mode: "container",
    }],
    ["false over true", { http_redirects: true }, { http_redirects: false }, {
      http_redirects: false,
    }],
    ["the lowest hop limit", { http_redirect_hop_limit: 3 }, { http_redirect_hop_limit: 0 }, {
      http_redirect_hop_limit: 0,
    }],
    ["the lowest cap", { output_max_bytes: 10 }, { output_max_bytes: 5 }, { output_max_bytes: 5 }],
    ["the lowest number of lines", { output_max_lines: 0 }, { output_max_lines: 5 }, {
      output_max_lines: 0,
    }],
    ["the shortest time", { timeout_ms: 10 }, { timeout_ms: 5 }, { timeout_ms: 5 }],
    ["all patterns", { redact: ["b"] }, { redact: ["a", "b"] }, { redact: ["a", "b"] }],
    ["all tags", { tags: ["b"] }, { tags: ["a"] }, { tags: ["a", "b"] }],
    ["all credentials", { credential_lease_ids: ["b"] }, { credential_lease_ids: ["a"] }, {
      credential_lease_ids: ["a", "b"],
    }],
    ["all reasons in the order of the rules' ids", { reason: "z" }, { reason: "a" }, {
      reason: "z; a",
    }],
    ["the strictest scan: deny", { response_scan_mode: "strip" }, { response_scan_mode: "deny" }, {
      response_scan_mode: "deny",
    }],
    [
      "the strictest scan: strip",
      { response_scan_mode: "strip" },
      { response_scan_mode: "fence" },
      {
        response_scan_mode: "strip",
      },
    ],
    ["the kinds both allow", { mcp_allowed_content_block_kinds: ["text", "image"] }, {
      mcp_allowed_content_block_kinds: ["image", "audio"],
    }, { mcp_allowed_content_block_kinds: ["image"] }],
    ["the class only if both name it", { approval_scope_class: "action_type_resource" }, {}, {}],
    ["the class if both name it", { approval_scope_class: "action_type_resource" }, {
      approval_scope_class: "action_type_resource",
    }, { approval_scope_class: "action_type_resource" }],
    ["what only one sets", { timeout_ms: 5 }, { tags: ["a"] }, { timeout_ms: 5, tags: ["a"] }],
    ["hosts both admit", { net_allowlist: ["a.com", "b.com"] }, {
      net_allowlist: ["b.com", "c.com"],
    }, {
      net_allowlist: ["b.com"],
    }],
    ["the narrower of two hosts", { net_allowlist: ["*.a.com"] }, {
      net_allowlist: ["x.a.com", "a.com", "b.com"],
    }, {
      net_allowlist: ["x.a.com"],
    }],
    ["no host where lists have nothing in common", { net_allowlist: ["a.com"] }, {
      net_allowlist: ["a.com:81"],
    }, {
      net_allowlist: [],
    }],
    ["the longer prefix", { exec_allowlist: [["git"]] }, {
      exec_allowlist: [["git", "log"], ["ls"]],
    }, {
      exec_allowlist: [["git", "log"]],
    }],
    ["one of two equal notes", { x_note: 1 }, { x_note: 1 }, { x_note: 1 }],
    ["both of two notes", { x_note: "b" }, { x_note: "a" }, { x_note: ["a", "b"] }],
  ])("%s", (_, a, b, wanted) => {
    expect(merge(a, b)).toEqual(wanted);
  });

  it("shows one rule's list as it was written", () => {
    expect(merge({ net_allowlist: ["z.com", "a.com"] })).toEqual({
      net_allowlist: ["z.com", "a.com"],
    });
  });

  it("joins argv patterns, the same one once", () => {
    const merged = mergeTerms([
      { exec_constraints: [["git", "status"], ["git", "log"]] },
      { exec_constraints: [["git", "status"]] },
    ]);
    expect(termsToJson(merged)).toEqual({
      exec_constraints: { argv_patterns: [["git", "log"], ["git", "status"]] },
    });
  });
});

const HOSTS = [
  "a.com",
  "x.a.com",
  "*.a.com",
  "*.x.a.com",
  "b.com:8443",
  "http://a.com",
  "http://*.a.com",
  "localhost",
];
const word = fc.constantFrom("a", "b", "c");

const arbitraryTerms = fc.record({
  sandbox_mode: fc.constantFrom("none", "local", "container"),
  net_allowlist: fc.shuffledSubarray(HOSTS, { maxLength: 3 }),
  exec_allowlist: fc.array(fc.array(word, { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
  http_redirects: fc.boolean(),
  http_redirect_hop_limit: fc.nat(4),
  output_max_bytes: fc.nat(4),
  timeout_ms: fc.integer({ min: 1, max: 4 }),
  approval_scope_class: fc.constant("action_type_resource"),
  tags: fc.array(word),
  redact: fc.array(word),
  reason: word,
  response_scan_mode: fc.constantFrom("strip", "fence", "deny"),
  mcp_allowed_content_block_kinds: fc.array(word),
  x_note: fc.oneof(word, fc.nat(2), fc.array(word)),
}, { requiredKeys: [], noNullPrototype: true }).chain((value) =>
  word.map((rule) => termsOf(value, rule))
);

const MANY = { numRuns: 500 };

describe("merging", () => {
  it("does not depend on the order", () => {
    fc.assert(
      fc.property(arbitraryTerms, arbitraryTerms, (a, b) => {
        expect(mergeTerms([a, b])).toEqual(mergeTerms([b, a]));
      }),
      MANY,
    );
  });

  it("does not depend on the grouping", () => {
    fc.assert(
      fc.property(arbitraryTerms, arbitraryTerms, arbitraryTerms, (a, b, c) => {
        const left = mergeTerms([mergeTerms([a, b]), c]);
        expect(left).toEqual(mergeTerms([a, mergeTerms([b, c])]));
        expect(left).toEqual(mergeTerms([a, b, c]));
      }),
      MANY,
    );
  });

  it("changes nothing when the same terms come twice", () => {
    fc.assert(
      fc.property(arbitraryTerms, (a) => {
        expect(mergeTerms([a, a])).toEqual(a);
      }),
      MANY,
    );
  });

  it("is never looser than any of its parts", () => {
    const host = fc.constantFrom("a.com", "x.a.com", "y.x.a.com", "b.com", "localhost");
    const target = fc.record({
      scheme: fc.constantFrom("https" as const, "http" as const),
      host,
      port: fc.constantFrom(443, 80, 8443),
    });
    fc.assert(
      fc.property(arbitraryTerms, arbitraryTerms, target, (a, b, where) => {
        const both = mergeTerms([a, b]);
        for (const part of [a, b]) {
          expect(both.timeout_ms ?? Infinity).toBeLessThanOrEqual(part.timeout_ms ?? Infinity);
          expect(both.output_max_bytes ?? Infinity).toBeLessThanOrEqual(
            part.output_max_bytes ?? Infinity,
          );
          if (part.http_redirects === false) expect(both.http_redirects).toBe(false);
          if (part.approval_scope_class === undefined) {
            expect(both.approval_scope_class).toBeUndefined();
          }
          if (part.net_allowlist !== undefined && hostAdmitted(both.net_allowlist ?? [], where)) {
            expect(hostAdmitted(part.net_allowlist, where)).toBe(true);
          }
        }
      }),
      MANY,
    );
  });

  it("shows exactly the hosts that all lists admit", () => {
    const target = fc.record({
      scheme: fc.constantFrom("https" as const, "http" as const),
      host: fc.constantFrom("a.com", "x.a.com", "y.x.a.com", "b.com", "localhost"),
      port: fc.constantFrom(443, 80, 8443),
    });
    fc.assert(
      fc.property(fc.subarray(HOSTS), fc.subarray(HOSTS), target, (a, b, where) => {
        const both = mergeTerms([termsOf({ net_allowlist: a }), termsOf({ net_allowlist: b })]);
        const shown = termsOf({ net_allowlist: termsToJson(both).net_allowlist ?? [] });
        expect(hostAdmitted(shown.net_allowlist ?? [], where)).toBe(
          hostAdmitted(both.net_allowlist ?? [], where),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("an argv pattern", () => {
  it.each<[string[], string[], boolean]>([
    [["git", "status"], ["git", "status"], true],
    [["git", "status"], ["git"], false],
    [["git", "status"], ["git", "status", "-s"], false],
    [["git", "*"], ["git", "log"], true],
    [["git", "*"], ["git"], false],
    [["git", "**"], ["git"], true],
    [["git", "**"], ["git", "a", "b"], true],
    [["**"], ["anything", "at", "all"], true],
    [["**", "--force"], ["git", "push", "--force"], true],
    [["**", "--force"], ["git", "push", "--force", "x"], false],
    [["**", "--force", "**"], ["git", "--force", "x"], true],
    [["a", "**", "b", "**", "c"], ["a", "x", "b", "y", "b", "c"], true],
    [["g*t"], ["git"], false],
    [["Git"], ["git"], false],
  ])("%j against %j: %s", (pattern, argv, wanted) => {
    expect(matchesArgv(pattern, argv)).toBe(wanted);
  });

  it("takes no exponential time", () => {
    const pattern = [...Array.from({ length: 30 }, () => ["**", "a"]).flat(), "**", "b"];
    const argv = Array.from({ length: 3_000 }, () => "a");
    expect(matchesArgv(pattern, argv)).toBe(false);
  });
});
