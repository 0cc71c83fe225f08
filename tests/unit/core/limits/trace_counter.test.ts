import { describe, expect, it } from "vitest";
import { TraceCounter, UNCOUNTED } from "../../../../core/limits/mod.ts";
import { ManualClock } from "../../../support/manual_clock.ts";

const OWNER = { principal: "alice", agent: "nomos", traceId: "t1" };

describe("the trace counter", () => {
  it("counts the actions of one principal, agent and trace", () => {
    const counter = new TraceCounter(new ManualClock());
    expect([counter.count(OWNER), counter.count(OWNER)]).toEqual([1, 2]);
    expect(counter.count({ ...OWNER, traceId: "t2" })).toBe(1);
    expect(counter.count({ ...OWNER, agent: "other" })).toBe(1);
    expect(counter.count({ ...OWNER, principal: "bob" })).toBe(1);
    expect(counter.count(OWNER)).toBe(3);
  });

  it("tells what the next action would be without counting it", () => {
    const counter = new TraceCounter(new ManualClock());
    expect([counter.peek(OWNER), counter.peek(OWNER)]).toEqual([1, 1]);
    counter.count(OWNER);
    expect(counter.peek(OWNER)).toBe(2);
  });

  it("begins again after ten idle minutes, not before", () => {
    const clock = new ManualClock();
    const counter = new TraceCounter(clock);
    counter.count(OWNER);
    clock.advance(599_999);
    expect(counter.count(OWNER)).toBe(2);
    clock.advance(599_999);
    expect(counter.count(OWNER)).toBe(3);
    clock.advance(600_000);
    expect(counter.peek(OWNER)).toBe(1);
    expect(counter.count(OWNER)).toBe(1);
  });

  it("keeps apart names that look alike once they are joined", () => {
    const counter = new TraceCounter(new ManualClock());
    counter.count({ principal: "ab", agent: "c", traceId: "d" });
    expect(counter.count({ principal: "a", agent: "bc", traceId: "d" })).toBe(1);
    expect(counter.count({ principal: "ab", agent: "", traceId: "cd" })).toBe(1);
  });

  it("holds a bounded number of traces and calls the rest uncounted", () => {
    const clock = new ManualClock();
    const counter = new TraceCounter(clock, { maxTraces: 2 });
    counter.count(OWNER);
    counter.count({ ...OWNER, traceId: "t2" });
    expect(counter.count({ ...OWNER, traceId: "t3" })).toBe(UNCOUNTED);
    expect(counter.count(OWNER)).toBe(2);
    clock.advance(600_000);
    expect(counter.count({ ...OWNER, traceId: "t3" })).toBe(1);
    expect(counter.size).toBeLessThanOrEqual(2);
  });
});
