import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Breaker,
  type BreakerPass,
  type BreakerSettings,
  type BreakerTransition,
} from "../../../../core/limits/mod.ts";
import { ManualClock } from "../../../support/manual_clock.ts";

const SETTINGS: BreakerSettings = {
  failureThreshold: 3,
  failureWindowMs: 1_000,
  openTimeoutMs: 500,
};

function breakerOf(more: Partial<BreakerSettings> = {}) {
  const clock = new ManualClock();
  const seen: BreakerTransition[] = [];
  const breaker = new Breaker({ ...SETTINGS, ...more }, clock, (t) => seen.push(t));
  return { clock, seen, breaker };
}

function admit(breaker: Breaker): BreakerPass {
  const pass = breaker.admit();
  if (!pass.ok) throw new Error("expected the breaker to let the call through");
  return pass.value;
}

function failTimes(breaker: Breaker, times: number): void {
  for (let i = 0; i < times; i++) admit(breaker).fail("timeout");
}

describe("a breaker", () => {
  it("opens at the threshold, and says until when", () => {
    const { breaker, clock } = breakerOf();
    failTimes(breaker, 2);
    expect(breaker.state).toBe("closed");
    failTimes(breaker, 1);
    expect(breaker.state).toBe("open");
    clock.advance(100);
    expect(breaker.admit()).toEqual({ ok: false, reason: { retryAfterMs: 400 } });
  });

  it("counts failures together only inside the window", () => {
    const { breaker, clock } = breakerOf();
    failTimes(breaker, 2);
    clock.advance(1_000);
    failTimes(breaker, 2);
    expect(breaker.state).toBe("closed");
    failTimes(breaker, 1);
    expect(breaker.state).toBe("open");
  });

  it("keeps counting across successes, unless a success forgives", () => {
    for (const [successForgives, state] of [[false, "open"], [true, "closed"]] as const) {
      const { breaker } = breakerOf({ successForgives });
      failTimes(breaker, 2);
      admit(breaker).succeed();
      failTimes(breaker, 1);
      expect(breaker.state).toBe(state);
    }
  });

  it("lets one probe through after the timeout, and closes when it succeeds", () => {
    const { breaker, clock } = breakerOf();
    failTimes(breaker, 3);
    clock.advance(500);
    const probe = admit(breaker);
    expect(breaker.state).toBe("half-open");
    expect(breaker.admit().ok).toBe(false);
    probe.succeed();
    expect(breaker.state).toBe("closed");
    expect(breaker.admit().ok).toBe(true);
  });

  it("opens again for the whole timeout when the probe fails", () => {
    const { breaker, clock } = breakerOf();
    failTimes(breaker, 3);
    clock.advance(500);
    admit(breaker).fail("transport");
    expect(breaker.state).toBe("open");
    clock.advance(499);
    expect(breaker.admit().ok).toBe(false);
    clock.advance(1);
    expect(breaker.admit().ok).toBe(true);
  });

  it("stays half-open for the next probe when one is cancelled", () => {
    const { breaker, clock } = breakerOf();
    failTimes(breaker, 3);
    clock.advance(500);
    admit(breaker).cancel();
    expect(breaker.state).toBe("half-open");
    admit(breaker).succeed();
    expect(breaker.state).toBe("closed");
  });

  it("is not moved by the late end of a call from before it opened", () => {
    const { breaker, clock } = breakerOf();
    const late = admit(breaker);
    const later = admit(breaker);
    failTimes(breaker, 3);
    late.succeed();
    expect(breaker.state).toBe("open");
    clock.advance(500);
    const probe = admit(breaker);
    later.fail("timeout");
    expect(breaker.state).toBe("half-open");
    expect(breaker.admit().ok).toBe(false);
    probe.succeed();
    expect(breaker.state).toBe("closed");
  });

  it("counts only the first end of a call", () => {
    const { breaker } = breakerOf({ failureThreshold: 2 });
    const pass = admit(breaker);
    pass.fail("timeout");
    pass.fail("timeout");
    expect(breaker.state).toBe("closed");
  });

  it("tells every change of state, with what opened it", () => {
    const { breaker, clock, seen } = breakerOf({ failureThreshold: 1 });
    failTimes(breaker, 1);
    clock.advance(500);
    admit(breaker).succeed();
    expect(seen).toEqual([
      { from: "closed", to: "open", failureKind: "timeout" },
      { from: "open", to: "half-open" },
      { from: "half-open", to: "closed" },
    ]);
  });

  it("lets everything through when it is disabled", () => {
    const { breaker } = breakerOf({ enabled: false, failureThreshold: 1 });
    failTimes(breaker, 5);
    expect(breaker.state).toBe("disabled");
    expect(breaker.admit().ok).toBe(true);
  });
});

/** What a breaker is meant to be, written without regard to how it is done. */
class Model {
  state: "closed" | "open" | "half-open" = "closed";
  failures: number[] = [];
  openedAt = 0;
  probe: number | undefined;
  readonly calls = new Map<number, "closed" | "probe" | "stale">();

  admit(call: number, now: number): boolean {
    if (this.state === "open" && now >= this.openedAt + SETTINGS.openTimeoutMs) {
      this.state = "half-open";
    }
    if (this.state === "open" || (this.state === "half-open" && this.probe !== undefined)) {
      return false;
    }
    if (this.state === "half-open") this.probe = call;
    this.calls.set(call, this.state === "half-open" ? "probe" : "closed");
    return true;
  }

  end(call: number, how: "succeed" | "fail" | "cancel", now: number): void {
    const kind = this.calls.get(call);
    this.calls.delete(call);
    if (kind === "probe") {
      this.probe = undefined;
      if (how === "succeed") this.move("closed", now);
      if (how === "fail") this.move("open", now);
    } else if (kind === "closed" && how === "fail") {
      this.failures = [...this.failures, now].filter((at) => now - at < 1_000);
      if (this.failures.length >= SETTINGS.failureThreshold) this.move("open", now);
    }
  }

  move(state: "closed" | "open", now: number): void {
    this.state = state;
    this.failures = [];
    this.openedAt = now;
    for (const call of this.calls.keys()) this.calls.set(call, "stale");
  }
}

describe("a breaker under any sequence of calls", () => {
  it("does what the model does", () => {
    const step = fc.record({
      ms: fc.nat(400),
      end: fc.option(fc.tuple(fc.nat(5), fc.constantFrom("succeed", "fail", "fail", "cancel"))),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { breaker, clock } = breakerOf();
        const model = new Model();
        const passes = new Map<number, BreakerPass>();
        let next = 0;
        for (const { ms, end } of steps) {
          clock.advance(ms);
          if (end === null) {
            const pass = breaker.admit();
            expect(pass.ok).toBe(model.admit(next, clock.monotonicMs));
            if (pass.ok) passes.set(next, pass.value);
            next++;
          } else {
            const call = [...passes.keys()][end[0] % Math.max(1, passes.size)];
            if (call === undefined) continue;
            const how = end[1] as "succeed" | "fail" | "cancel"; // constantFrom widens to string
            model.end(call, how, clock.monotonicMs);
            const pass = passes.get(call);
            if (how === "fail") pass?.fail("timeout");
            else pass?.[how]();
            passes.delete(call);
          }
          expect(breaker.state).toBe(model.state);
        }
      }),
      { numRuns: 300 },
    );
  });
});
