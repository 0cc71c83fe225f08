import { type ActionPorts, type NormalizedAction, Permit } from "../actions/mod.ts";
import { fail, ok, type Result } from "../encoding/mod.ts";
import type { AgentDemand } from "../identity/mod.ts";
import type { GuardedEnd } from "../limits/mod.ts";
import type { ActionFacts, AllowDecision, IdentityFacts, Refusal } from "../model/mod.ts";
import { ApprovalDesk } from "./approval_desk.ts";
import type { ApprovalStatusDocument, DecisionDocument } from "./approve.ts";
import type { Arrival } from "./arrival.ts";
import { AuthFailureLog } from "./auth_failures.ts";
import { consider, type Considered } from "./consider.ts";
import { decideAction } from "./decide.ts";
import { disclose } from "./disclose.ts";
import { enter, type Entered } from "./entry.ts";
import { authorizeHop } from "./hop.ts";
import { normalizeAction } from "./normalize.ts";
import { observeAction, observeQuota } from "./observe.ts";
import type { EngineParts } from "./parts.ts";
import { capsOf, perform } from "./perform.ts";
import { Cancels } from "./cancel.ts";
import { authorized, completed, failed, faulted, refused, withheld } from "./conclude.ts";
import { approvalEvent, type Ending, openingEvents } from "./record.ts";
import { fileReport, type ReportReceipt } from "./report.ts";
import { refusalReply, type Reply } from "./respond.ts";
import { settle } from "./settle.ts";
import type { Snapshot } from "./snapshot.ts";
import { decodeRequest } from "./submitted.ts";
import { Walk } from "./walk.ts";

/** What the walk hands over from one stage to the next once an action is allowed. */
interface Allowed {
  readonly decision: AllowDecision;
  readonly approval: Ending["approval"];
}

/**
 * The engine: every action of every door walks through `run`, top to bottom, once.
 */
export class Engine {
  readonly parts: EngineParts;
  /** Where approvals are decided and waited for. */
  readonly desk: ApprovalDesk;
  #snapshot: Snapshot;
  readonly #authFailures: AuthFailureLog;
  readonly #cancels = new Cancels();
  #running = 0;

  constructor(parts: EngineParts, snapshot: Snapshot) {
    this.parts = parts;
    this.#snapshot = snapshot;
    this.desk = new ApprovalDesk({ ...parts, webhookToken: parts.webhookToken });
    this.#authFailures = new AuthFailureLog(parts.recorder, parts.clock);
  }

  /** What requests that arrive now are judged by. */
  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Replaces the snapshot for requests to come; those under way keep theirs. */
  swap(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
  }

  /** Ends what is still running; new arrivals are refused. */
  stop(): void {
    this.#cancels.endAll();
  }

  /** Resolves when nothing runs any more, or after `graceMs` milliseconds. */
  async idle(graceMs: number): Promise<void> {
    const end = this.parts.clock.monotonic() + graceMs;
    while (this.#running > 0 && this.parts.clock.monotonic() < end) await pause(IDLE_CHECK_MS);
  }

  /** The whole pipeline for one action: from signed bytes to an audited effect. */
  async run(arrival: Arrival): Promise<Reply> {
    const walk = new Walk(arrival, this.#snapshot, this.parts.clock);
    this.#running++;
    try {
      const reply = await this.#answer(walk);
      observeAction(this.parts, walk, reply);
      return reply;
    } finally {
      walk.scope?.close();
      if (walk.held) await walk.release();
      this.#running--;
    }
  }

  /** Decides without any effect: what `run` would decide, as far as the world has no say in it. */
  async explain(arrival: Arrival): Promise<Result<Considered, Reply>> {
    const walk = new Walk(arrival, this.#snapshot, this.parts.clock);
    const entered = await this.#enter(walk);
    if (!entered.ok) return entered;
    try {
      const submitted = decodeRequest(arrival.bytes, walk.snapshot.limits);
      if (!submitted.ok) return fail(refusalReply(submitted.reason));
      walk.submitted = submitted.value;
      const { identity } = entered.value;
      const considered = consider(submitted.value, walk.snapshot, {
        identity,
        traceActionCount: this.parts.traces.peek({ ...identity, traceId: submitted.value.traceId }),
        digest: this.parts.digest,
        nowMs: this.parts.clock.now(),
      });
      return considered.ok ? considered : fail(refusalReply(considered.reason, walk.ids));
    } finally {
      entered.value.leave("not_executed");
    }
  }

  /** Puts on record how a custom action ended that its caller executed. */
  async report(arrival: Arrival): Promise<Result<ReportReceipt, Reply>> {
    return await this.#asked(
      arrival,
      "required",
      (identity, walk) => fileReport(arrival.bytes, identity, walk.snapshot, this.parts.recorder),
    );
  }

  /** A principal decides an approval. */
  async decideApproval(arrival: Arrival): Promise<Result<DecisionDocument, Reply>> {
    return await this.#asked(
      arrival,
      "none",
      (identity, walk) => this.desk.decide(arrival.bytes, identity.principal, walk.snapshot),
    );
  }

  /** A workflow decides an approval over the generic webhook. */
  async decideByWebhook(
    bytes: Uint8Array,
    token: string | undefined,
  ): Promise<Result<DecisionDocument, Reply>> {
    const snapshot = this.#snapshot;
    const decided = await this.desk.decideByWebhook(bytes, token, snapshot);
    if (decided.ok) return decided;
    if (decided.reason.code === "auth_error") {
      this.#authFailures.note({ transport: "http" }, decided.reason, snapshot);
    }
    return fail(refusalReply(decided.reason));
  }

  /** An agent waits for a decision on its own approval; waiting takes no slot from those who act. */
  async waitApproval(
    arrival: Arrival,
    id: string,
    waitMs: number,
  ): Promise<Result<ApprovalStatusDocument, Reply>> {
    const proven = await this.#asked(
      arrival,
      "required",
      (identity) => Promise.resolve(ok(identity)),
    );
    if (!proven.ok) return proven;
    const scope = this.#cancels.scope(arrival.signal);
    try {
      const found = await this.desk.wait(id, proven.value, { waitMs, signal: scope.signal });
      return found.ok ? found : fail(refusalReply(found.reason));
    } finally {
      scope.close();
    }
  }

  async #asked<T>(
    arrival: Arrival,
    agent: AgentDemand,
    work: (identity: IdentityFacts, walk: Walk) => Promise<Result<T, Refusal>>,
  ): Promise<Result<T, Reply>> {
    const walk = new Walk(arrival, this.#snapshot, this.parts.clock);
    const entered = await this.#enter(walk, agent);
    if (!entered.ok) return entered;
    try {
      const { identity } = entered.value;
      const done = await work(identity, walk);
      if (done.ok) return done;
      if (done.reason.code === "forbidden") {
        const { transport } = arrival;
        this.#authFailures.note({ transport, identity }, done.reason, walk.snapshot);
      }
      return fail(refusalReply(done.reason));
    } finally {
      entered.value.leave("not_executed");
    }
  }

  async #answer(walk: Walk): Promise<Reply> {
    try {
      return await this.#walk(walk);
    } catch (fault) {
      this.parts.onFault?.(fault);
      return await faulted(walk, this.parts.recorder);
    }
  }

  async #walk(walk: Walk): Promise<Reply> {
    const entered = await this.#enter(walk);
    if (!entered.ok) return entered.reason;
    let reply: Reply | undefined;
    try {
      reply = await this.#decideAndPerform(walk);
      return reply;
    } finally {
      entered.value.leave(endOf(walk, reply));
    }
  }

  async #decideAndPerform(walk: Walk): Promise<Reply> {
    const { recorder } = this.parts;
    walk.enter("decode");
    const submitted = decodeRequest(walk.arrival.bytes, walk.snapshot.limits);
    if (!submitted.ok) return await refused(walk, recorder, submitted.reason);
    walk.submitted = submitted.value;

    walk.enter("normalize");
    const action = this.#normalize(walk);
    if (!action.ok) return await refused(walk, recorder, action.reason);
    walk.action = action.value;

    walk.enter("admit");
    const refusal = await this.#admit(walk);
    if (refusal !== undefined) return await refused(walk, recorder, refusal);

    walk.enter("decide");
    const nowMs = this.parts.clock.now();
    walk.decision = decideAction(action.value, walk.snapshot, { nowMs });
    const ports = this.#ports(walk);
    if (walk.decision.verdict !== "DENY" && action.value.type.hold) {
      // INVARIANT: what is held now is what is used later, and what it turned out to be is judged too. Who is denied
      // anyway holds nothing.
      walk.enter("hold");
      walk.held = await action.value.type.hold(action.value, ports);
      const { claims: foundClaims } = walk.held;
      if (foundClaims.length > 0) {
        walk.decision = decideAction(action.value, walk.snapshot, { nowMs, foundClaims });
      }
    }

    walk.enter("settle");
    const settled = await settle(walk.decision, submitted.value, {
      facts: factsHeld(walk, action.value),
    }, {
      approvals: this.parts.approvals,
      digest: this.parts.digest,
      redact: (text) => walk.snapshot.redactor.scrub(text),
    });
    if (settled.kind !== "allowed") return await withheld(walk, recorder, settled);
    walk.decision = settled.decision;
    return await this.#execute(walk, ports, {
      decision: settled.decision,
      approval: settled.approval,
    });
  }

  async #execute(walk: Walk, ports: ActionPorts, allowed: Allowed): Promise<Reply> {
    const { decision, approval } = allowed;
    const { recorder } = this.parts;
    const action = walk.action;
    if (action === undefined) throw new Error("an action is executed before it was normalized");
    const start: Ending = { reason: decision.reason, ...(approval ? { approval } : {}) };
    if (action.type.execution === "external") {
      return await authorized(walk, recorder, decision, start);
    }

    walk.enter("record");
    const opening = openingEvents(walk, decision.reason, start);
    if (approval) opening.push(approvalEvent(walk, "approval.applied", approval));
    const receipt = await recorder.record(opening);
    if (!receipt.ok) return refusalReply(receipt.reason, walk.ids);
    walk.recorded = true;

    walk.enter("perform");
    const caps = capsOf(decision.terms, walk.snapshot);
    const permit = Permit.issue(action, { decision, receipt: receipt.value, caps });
    const executed = await perform(permit, ports, walk.held);
    if (!executed.ok) return await failed(walk, recorder, executed.reason, start);

    walk.enter("disclose");
    const terms = executed.value.terms ?? decision.terms;
    const disclosed = disclose(executed.value, walk.snapshot.redactor, {
      terms,
      caps: capsOf(terms, walk.snapshot),
    });
    return await completed(walk, recorder, start, {
      decision,
      disclosed,
      meta: executed.value.meta,
    });
  }

  #enter(walk: Walk, agent: AgentDemand = "required"): Promise<Result<Entered, Reply>> {
    return enter(walk, {
      authenticator: this.parts.authenticator,
      guards: this.parts.guards,
      failures: this.#authFailures,
      ended: () => this.#cancels.ended,
    }, agent);
  }

  #normalize(walk: Walk) {
    const { submitted, identity } = walk;
    if (!submitted || !identity) throw new Error("a request is normalized before it was decoded");
    const traceActionCount = this.parts.traces.count({ ...identity, traceId: submitted.traceId });
    return normalizeAction(submitted, walk.snapshot, {
      identity,
      traceActionCount,
      digest: this.parts.digest,
    });
  }

  async #admit(walk: Walk): Promise<Refusal | undefined> {
    const { action } = walk;
    if (!this.parts.quotas || !action) return undefined;
    const { identity, type, resource } = action.facts;
    const answer = this.parts.quotas.check({
      principal: identity.principal,
      actionType: type,
      resource,
    });
    const admitted = answer instanceof Promise ? await answer : answer;
    observeQuota(this.parts, type, admitted);
    return admitted.ok ? undefined : admitted.reason;
  }

  #ports(walk: Walk): ActionPorts {
    const scope = walk.scope = this.#cancels.scope(walk.arrival.signal);
    const { digest, clock } = this.parts;
    return {
      ...this.parts.ports,
      settings: walk.snapshot.settings,
      authorizeHop: (permit, hop) =>
        authorizeHop(permit, hop, walk.snapshot, { digest, nowMs: clock.now() }),
      get signal() {
        return scope.signal;
      },
    };
  }
}

/** How often shutdown looks whether open actions ended, in milliseconds. */
const IDLE_CHECK_MS = 20;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** The facts of an action, with what its target turned out to be. */
function factsHeld({ held }: Walk, { facts }: NormalizedAction): ActionFacts {
  const found = held?.claims.map(({ resource }) => resource) ?? [];
  return found.length === 0 ? facts : { ...facts, foundResources: found };
}

/** Only failures of executors count for the breaker: refusals and bad input are answers, and who goes away fails nothing. */
function endOf(walk: Walk, reply: Reply | undefined): GuardedEnd {
  if (reply === undefined) return "execution_failed";
  if (!walk.recorded || walk.arrival.signal.aborted) return "not_executed";
  const failed = reply.reason === "execution_error" || reply.reason === "exec_timeout" ||
    reply.reason === "upstream_error" || reply.reason === "internal_error";
  return failed ? "execution_failed" : "executed";
}
