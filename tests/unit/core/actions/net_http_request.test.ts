import { describe, expect, it } from "vitest";
import { DEFAULT_EXECUTOR_SETTINGS } from "../../../../core/engine/mod.ts";
import type { WireResponse } from "../../../../core/ports/mod.ts";
import { load } from "../../../property/policy_subject.ts";
import { Num, type PlainRule } from "../../../property/reference_evaluator.ts";
import { arrivalOf, type TestWorld, testWorld } from "../../../support/engine.ts";

/** A rule that lets requests to one host through. */
function host(name: string, obligations: PlainRule["obligations"] = {}): PlainRule {
  return {
    id: name,
    action_type: "net.http_request",
    resource: `url://${name}/**`,
    decision: "ALLOW",
    obligations: { net_allowlist: [name], ...obligations },
  };
}

const FOLLOWS: PlainRule["obligations"] = {
  net_allowlist: ["a.test", "b.test"],
  http_redirects: true,
};

async function world(rules: readonly PlainRule[]): Promise<TestWorld> {
  return await testWorld(await load(rules, { index: true }), {
    settings: { ...DEFAULT_EXECUTOR_SETTINGS, httpTimeoutMs: 50 },
  });
}

function answered(status: number, body: string, location?: string): WireResponse {
  return {
    status,
    headers: location === undefined ? [] : [["Location", location]],
    body: new TextEncoder().encode(body),
    cut: false,
  };
}

async function request(made: TestWorld, params: object = {}, signal?: AbortSignal) {
  const arrival = arrivalOf(JSON.stringify({
    schema_version: "v1",
    action_id: "act_1",
    action_type: "net.http_request",
    resource: "url://a.test/start",
    params,
    trace_id: "trace_1",
    context: {},
  }));
  return await made.engine.run(signal === undefined ? arrival : { ...arrival, signal });
}

const sentTo = (made: TestWorld) => made.http.sent.map(({ host, target }) => host + target);

describe("a redirect", () => {
  it("leads to no host that the rule of the first request does not list", async () => {
    const made = await world([host("a.test", FOLLOWS), host("c.test")]);
    made.http.answers.push(answered(302, "", "https://c.test/x"));
    const reply = await request(made);
    expect(reply.body).toMatchObject({ decision: "DENY", reason: "net_not_allowlisted" });
    expect(sentTo(made)).toEqual(["a.test/start"]);
  });

  it("leads to no host that the rule of the redirect itself does not list", async () => {
    const rules = [host("a.test", FOLLOWS), host("b.test", { net_allowlist: ["elsewhere.test"] })];
    const made = await world(rules);
    made.http.answers.push(answered(302, "", "https://b.test/x"));
    const reply = await request(made);
    expect(reply.body).toMatchObject({ decision: "DENY", reason: "net_not_allowlisted" });
    expect(sentTo(made)).toEqual(["a.test/start"]);
  });

  it("is bound by the obligations of where it leads, too", async () => {
    const rules = [
      host("a.test", FOLLOWS),
      host("b.test", { redact: ["S[0-9]+"], output_max_bytes: new Num("14") }),
    ];
    const made = await world(rules);
    made.http.answers.push(answered(302, "", "https://b.test/x"));
    made.http.answers.push(answered(200, "S123 and more than that"));
    const reply = await request(made);
    expect(reply.body).toMatchObject({ output: "[REDACTED] and", truncated: true });
    expect(sentTo(made)).toEqual(["a.test/start", "b.test/x"]);
  });

  it("goes on only as far as the rules of all requests before allow", async () => {
    const made = await world([host("a.test", FOLLOWS), host("b.test", { http_redirects: false })]);
    made.http.answers.push(answered(302, "", "https://b.test/x"));
    made.http.answers.push(answered(302, "", "https://a.test/y"));
    const reply = await request(made);
    expect(reply.body).toMatchObject({ decision: "DENY", reason: "net_not_allowlisted" });
    expect(sentTo(made)).toEqual(["a.test/start", "b.test/x"]);
  });

  it("is judged by the query, headers and body that it would be sent with", async () => {
    const made = await world([host("a.test", FOLLOWS), {
      id: "no-delete",
      action_type: "net.http_request",
      resource: "url://a.test/**",
      decision: "DENY",
      params_match: { query: { equals: "delete=1" } },
    }]);
    made.http.answers.push(answered(302, "", "/next?delete=1"));
    const reply = await request(made, { query: "q=1" });
    expect(reply.body).toMatchObject({ decision: "DENY", reason: "deny_by_rule" });
    expect(sentTo(made)).toEqual(["a.test/start?q=1"]);
  });

  it("to another origin is judged without the body it loses", async () => {
    const made = await world([host("a.test", FOLLOWS), host("b.test"), {
      id: "no-empty",
      action_type: "net.http_request",
      resource: "url://b.test/**",
      decision: "DENY",
      params_match: { body: { present: false } },
    }]);
    made.http.answers.push(answered(307, "", "https://b.test/x"));
    const reply = await request(made, { method: "POST", body: "payload" });
    expect(reply.body).toMatchObject({ decision: "DENY", reason: "deny_by_rule" });
  });
});

describe("looking a name up", () => {
  it("takes no longer than the request may", async () => {
    const made = await world([host("a.test")]);
    made.resolver.resolve = () => new Promise(() => {});
    const reply = await request(made);
    expect(reply).toMatchObject({ reason: "exec_timeout", status: 400 });
    expect(made.http.sent).toEqual([]);
  });

  it("is given up when the caller goes away", async () => {
    const made = await world([host("a.test")]);
    const caller = new AbortController();
    made.resolver.resolve = () => {
      caller.abort();
      return new Promise(() => {});
    };
    const reply = await request(made, {}, caller.signal);
    expect(reply).toMatchObject({ reason: "upstream_error", status: 400 });
  });

  it("gives an error, not a fault, when the resolver fails", async () => {
    const made = await world([host("a.test")]);
    made.resolver.resolve = () => Promise.reject(new Error("EAI_AGAIN"));
    expect(await request(made)).toMatchObject({ reason: "upstream_error" });
  });
});
