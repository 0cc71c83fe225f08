import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeActionFile, decodeRequest } from "../../../../core/engine/mod.ts";

interface BadRequest {
  readonly why: string;
  readonly text: string;
  /** Pointers of all problems; null where only the refusal matters. */
  readonly pointers: readonly string[] | null;
}

const BAD: readonly BadRequest[] = readFileSync(
  join(import.meta.dirname ?? "", "../../../vectors/requests_bad.jsonl"),
  "utf8",
).trim().split("\n").map((line) => JSON.parse(line));

const bytes = (text: string) => new TextEncoder().encode(text);

const GOOD = {
  schema_version: "v1",
  action_id: "act_1",
  action_type: "fs.read",
  resource: "file://workspace/README.md",
  params: {},
  trace_id: "trace_1",
  context: { extensions: {} },
};

describe("a request document", () => {
  it.each(BAD)("is refused when there is $why", ({ text, pointers }) => {
    const decoded = decodeRequest(bytes(text));
    expect(decoded.ok).toBe(false);
    if (decoded.ok) return;
    expect(decoded.reason.code).toBe("validation_error");
    const found = decoded.reason.problems?.map(({ pointer }) => pointer).sort();
    if (pointers !== null) expect(found).toEqual([...pointers].sort());
    for (const { message } of decoded.reason.problems ?? []) {
      expect(message.length).toBeLessThan(500);
    }
  });

  it("is decoded, its params untouched and frozen", () => {
    const text = JSON.stringify(GOOD).replace(
      '"params":{}',
      '"params":{"n":1.50,"__proto__":{"x":1}}',
    );
    const decoded = decodeRequest(bytes(text));
    if (!decoded.ok) throw new Error(decoded.reason.message);
    const { params } = decoded.value;
    expect(String(params["n"])).toBe("1.50");
    expect(Object.keys(params)).toEqual(["n", "__proto__"]);
    expect(Object.isFrozen(params)).toBe(true);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it("may carry an approval and any other extension", () => {
    const context = { extensions: { approval: { approval_id: "apr_0" }, other: [1] } };
    const decoded = decodeRequest(bytes(JSON.stringify({ ...GOOD, context })));
    expect(decoded.ok && decoded.value.approvalId).toBe("apr_0");
  });

  it("may have params of exactly 32,768 bytes, counted as sent", () => {
    const filler = "ä".repeat((32_768 - 8) / 2);
    const text = JSON.stringify({ ...GOOD, params: { a: filler } });
    expect(decodeRequest(bytes(text)).ok).toBe(true);
    const spaced = text.replace('"params":{', '"params":{ ');
    expect(decodeRequest(bytes(spaced)).ok).toBe(false);
  });
});

describe("an action file", () => {
  const offline = { ...GOOD, principal: "p", agent: "a", environment: "e" };

  it("names who is assumed to ask", () => {
    const decoded = decodeActionFile(bytes(JSON.stringify({ ...offline, trace_action_count: 7 })));
    expect(decoded).toMatchObject({
      ok: true,
      value: { principal: "p", agent: "a", environment: "e", traceActionCount: 7 },
    });
  });

  it.each(["principal", "agent", "environment", "context"])("is refused without %s", (name) => {
    const file = Object.fromEntries(Object.entries(offline).filter(([key]) => key !== name));
    const decoded = decodeActionFile(bytes(JSON.stringify(file)), { file: "a.json" });
    expect(decoded).toMatchObject({ ok: false, reason: { problems: [{ pointer: `/${name}` }] } });
  });

  it.each([-1, 1.5, "7", null])("is refused with a trace_action_count of %j", (count) => {
    const file = JSON.stringify({ ...offline, trace_action_count: count });
    const decoded = decodeActionFile(bytes(file));
    expect(decoded).toMatchObject({
      ok: false,
      reason: { problems: [{ pointer: "/trace_action_count" }] },
    });
  });
});
