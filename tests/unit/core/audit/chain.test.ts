import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectedHash, headOf, newChain, seal } from "../../../../core/audit/chain.ts";
import { draftEvent } from "../../../../core/audit/draft.ts";
import { toStoredLine } from "../../../../core/audit/stored_line.ts";
import { isIntact, parseStored, writeStored } from "../../../../core/audit/stored_record.ts";
import { canonicalJson, portableDigest } from "../../../../core/encoding/mod.ts";
import type { AuditEvent } from "../../../../core/model/mod.ts";
import { decision } from "../../../support/audit.ts";

const WHEN = "2026-01-01T00:00:00.000Z";

function sealed(event: AuditEvent, head = newChain("main-1")): ReturnType<typeof seal> {
  return seal(draftEvent(event, WHEN), head, portableDigest);
}

/** Every member an event can have. */
const FULL: AuditEvent = {
  event_type: "action.completed",
  trace_id: "t",
  action_id: "a",
  approval_id: "ap",
  action_fingerprint: "f",
  principal: "p",
  agent: "g",
  environment: "dev",
  action_type: "fs.read",
  resource: "file://workspace/<a>&b",
  resource_normalized: "file://workspace/a",
  params_hash: "h",
  matched_rule_ids: ["r1", "r2"],
  obligations: { z: 1, a: { nested: [1.5, true, null] } },
  duration_ms: 3.6,
  result_classification: "SUCCESS",
  retryable: false,
  policy_bundle_hash: "bh",
  policy_bundle_sources: ["s"],
  policy_bundle_inputs: [{ path: "p", hash: "h", role: "org" }, { path: "q", hash: "i" }],
  engine_version: "1",
  params_redacted_summary: "{}",
  result_redacted_summary: "ok",
  executor_metadata: { b: 2, a: "\u2028" },
  risk_level: "low",
  risk_flags: ["risk.net"],
  sandbox_mode: "none",
  network_mode: "deny",
  credential_lease_ids: ["l"],
  assurance_level: "NONE",
  action_summary: "fs.read x",
  decision: "ALLOW",
  reason: "allow_by_rule",
  external_reason: "x",
  tags: ["t"],
};

describe("the chain", () => {
  it("hashes the canonical form and the previous hash, and starts without one", () => {
    const first = sealed({ event_type: "trace.start", trace_id: "t" });
    const text =
      `{"chain_id":"main-1","event_type":"trace.start","schema_version":"v1","seq":1,"timestamp":"${WHEN}","trace_id":"t"}`;
    expect(first.hash).toBe(portableDigest.sha256Hex(text));
    const second = sealed({ event_type: "trace.end", trace_id: "t" }, headOf(first));
    const next =
      `{"chain_id":"main-1","event_type":"trace.end","prev_event_hash":"${first.hash}","schema_version":"v1","seq":2,"timestamp":"${WHEN}","trace_id":"t"}`;
    expect(second.hash).toBe(portableDigest.sha256Hex(next + first.hash));
    expect(second.seq).toBe(2);
  });

  it("writes every member in the canonical order", () => {
    const { line, hash } = sealed(FULL, { chainId: "main-1", seq: 4, hash: "ee" });
    expect(line).toBe(canonicalJson({
      ...FULL,
      duration_ms: 4,
      policy_bundle_inputs: FULL.policy_bundle_inputs?.map((input) => ({ ...input })),
      schema_version: "v1",
      timestamp: WHEN,
      seq: 5,
      chain_id: "main-1",
      prev_event_hash: "ee",
      event_hash: hash,
    }));
  });

  it("knows every member of an event", () => {
    const names = Object.keys(JSON.parse(sealed(FULL).line));
    expect(names).toEqual(expect.arrayContaining(Object.keys(FULL)));
  });

  it("leaves out members that are empty", () => {
    const { line } = sealed({
      ...FULL,
      action_id: "",
      tags: [],
      obligations: {},
      matched_rule_ids: [],
      policy_bundle_inputs: [],
      duration_ms: NaN,
    });
    const names = Object.keys(JSON.parse(line));
    for (
      const name of [
        "action_id",
        "tags",
        "obligations",
        "matched_rule_ids",
        "policy_bundle_inputs",
        "duration_ms",
        "prev_event_hash",
      ]
    ) expect(names).not.toContain(name);
    expect(JSON.parse(line).retryable).toBe(false);
  });

  it("cuts summaries to 256 bytes, at a character", () => {
    const { line } = sealed(decision("a", { result_redacted_summary: "ä".repeat(200) }));
    expect(JSON.parse(line).result_redacted_summary).toBe("ä".repeat(128));
  });

  it("verifies whatever an event holds", () => {
    const text = fc.string({ unit: "binary", maxLength: 20 });
    const metadata = fc.dictionary(text, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
    fc.assert(
      fc.property(text, text, metadata, fc.array(text), (resource, reason, meta, tags) => {
        const executor_metadata = meta as NonNullable<AuditEvent["executor_metadata"]>;
        const { line, hash } = sealed(decision("a", { resource, reason, tags, executor_metadata }));
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        const record = parseStored(line);
        expect(record && isIntact(record, portableDigest)).toBe(true);
        expect(record && writeStored(record)).toBe(line);
        expect(record?.event_hash).toBe(hash);
      }),
      { numRuns: 50 },
    );
  });

  it("gives another hash for any change", () => {
    const record = parseStored(sealed(FULL).line) ?? {};
    const hash = expectedHash(record, portableDigest);
    for (const name of Object.keys(record)) {
      if (name === "event_hash") continue;
      const { [name]: _, ...rest } = record;
      expect(expectedHash(rest, portableDigest), `without ${name}`).not.toBe(hash);
    }
  });
});

describe("toStoredLine", () => {
  it.each([
    ["DEL", "\u007f", "\\u007f"],
    ["a C1 control", "\u0085", "\\u0085"],
    ["right-to-left override", "\u202e", "\\u202e"],
    ["zero width space", "\u200b", "\\u200b"],
    ["a byte order mark", "\ufeff", "\\ufeff"],
    ["soft hyphen", "\u00ad", "\\u00ad"],
    ["a variation selector", "\ufe0f", "\\ufe0f"],
    ["a tag character beyond U+FFFF", "\u{e0041}", "\\udb40\\udc41"],
    ["visible text", "äöü漢字😀", "äöü漢字😀"],
  ])("writes %s", (_, char, stored) => {
    const line = toStoredLine(`{"a":"x${char}y"}`);
    expect(line).toBe(`{"a":"x${stored}y"}`);
    expect(JSON.parse(line)).toEqual({ a: `x${char}y` });
  });
});
