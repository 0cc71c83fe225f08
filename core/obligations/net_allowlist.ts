import { echo, fail, isJsonArray, type JsonValue, ok, type Problem } from "../encoding/mod.ts";
import {
  type HostRule,
  type Refusal,
  refuse,
  type RuntimeOffer,
  type Terms,
} from "../model/mod.ts";
import { hostAdmitted, intersectHosts, parseHostRule } from "./host_rule.ts";
import type { JudgeContext, Obligation, ObligationPlace } from "./obligation.ts";
import { effectiveSandbox } from "./sandbox_mode.ts";
import { type Parsed, unfit, unfitProblem, unionBy } from "./values.ts";

type HostLists = readonly (readonly HostRule[])[];

/** Which hosts a request may go to. */
export const netAllowlist: Obligation<"net_allowlist"> = {
  name: "net_allowlist",
  summary: "Names the hosts an HTTP request, its redirects included, may go to; without it none.",
  typeText:
    "list of `host`, `host:port`, `*.example.com` (any subdomain), `http://host` (plain HTTP only)",
  mergeText: "the hosts every rule's list admits",
  acts: "before",
  schema: { type: "array", items: { type: "string", minLength: 1 } },
  parse,
  merge: (a, b) => unionBy(a, b, listKey),
  toJson: (lists) => hostsOf(lists).map((rule) => rule.text),
  judge,
};

/** The hosts that all lists admit, as one list. */
export function hostsOf(lists: HostLists): readonly HostRule[] {
  const [first = [], ...others] = lists;
  return others.reduce<readonly HostRule[]>((all, next) => intersectHosts(all, next), first);
}

function listKey(list: readonly HostRule[]): string {
  return JSON.stringify(list.map(({ text }) => text));
}

function parse(value: JsonValue, at: ObligationPlace): Parsed<HostLists> {
  if (!isJsonArray(value)) return unfit(value, at, "a list of hosts");
  const problems: Problem[] = [];
  const rules: HostRule[] = [];
  value.forEach((item, i) => {
    const pointer = `${at.pointer}/${i}`;
    const rule = typeof item === "string" ? parseHostRule(item) : undefined;
    if (rule?.ok) rules.push(rule.value);
    else if (rule === undefined) problems.push(unfitProblem(item, pointer, "a host"));
    else {problems.push({
        pointer,
        message: `Cannot use "${echo(String(item))}" as a host: ${rule.reason}`,
      });}
  });
  return problems.length > 0 ? fail(problems) : ok(Object.freeze([Object.freeze(rules)]));
}

function judge(context: JudgeContext): Refusal | undefined {
  switch (context.facts.type) {
    case "net.http_request":
      return judgeRequest(context);
    case "process.exec":
      return judgeProcess(context);
    default:
      return undefined;
  }
}

function judgeRequest({ facts, terms }: JudgeContext): Refusal | undefined {
  const target = facts.facets.http;
  const lists = terms.net_allowlist;
  if (target === undefined) {
    return refuse("net_not_allowlisted", "Cannot request: the action names no host");
  }
  const usual = target.port === 80 || target.port === 443;
  const host = usual ? target.host : `${target.host}:${target.port}`;
  if (lists === undefined) {
    const message =
      `Cannot request "${
        echo(host)
      }": the rule that allows it lists no hosts, expected obligation ` +
      `net_allowlist: ["${echo(host)}"]`;
    return refuse("net_not_allowlisted", message);
  }
  if (hostAdmitted(lists, target)) return undefined;
  if (target.scheme === "http" && hostAdmitted(lists, { ...target, scheme: "https" })) {
    const message =
      `Cannot request "${echo(host)}" over plain HTTP: net_allowlist admits it over HTTPS only, ` +
      `expected "http://${echo(host)}" in the list`;
    return refuse("net_not_allowlisted", message);
  }
  const entry = target.scheme === "http" ? `http://${host}` : host;
  const message =
    `Cannot request "${echo(host)}": not in net_allowlist, expected "${echo(entry)}" in the list ` +
    `of every rule that allows the request`;
  return refuse("net_not_allowlisted", message);
}

function judgeProcess({ terms, offer }: JudgeContext): Refusal | undefined {
  const lists = terms.net_allowlist;
  if (lists === undefined || offer === undefined) return undefined;
  if (hostsOf(lists).length > 0) return offer.execNetwork ? undefined : notEnforced();
  return hasNoNetwork(terms, offer) ? undefined : notKeptOff();
}

/** Whether a process has no network at all, which is what a list without a host asks for. */
function hasNoNetwork(terms: Terms, offer: RuntimeOffer): boolean {
  const { sandbox } = offer;
  const isReal = !(sandbox.available && sandbox.processLevel);
  return effectiveSandbox(terms, offer) === "local" && isReal;
}

function notEnforced(): Refusal {
  return refuse(
    "sandbox_required",
    "Cannot run process.exec: policy limits its network to net_allowlist, which no sandbox here can " +
      'enforce; leave net_allowlist out, or set executor.sandbox_network: "host" to let processes use the network freely',
  );
}

function notKeptOff(): Refusal {
  return refuse(
    "sandbox_required",
    "Cannot run process.exec: policy allows it no network (an empty net_allowlist), which takes a real " +
      'sandbox; set executor.sandbox_profile: "local" and install what doctor names (on Linux: bubblewrap)',
  );
}
