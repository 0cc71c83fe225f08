import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Deadlines } from "../../../../core/http/deadlines.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("deadlines", () => {
  it("ring for what takes too long, each at its time", () => {
    const deadlines = new Deadlines(100);
    const rung: string[] = [];
    deadlines.watch(() => rung.push("first"));
    vi.advanceTimersByTime(60);
    deadlines.watch(() => rung.push("second"));
    vi.advanceTimersByTime(39);
    expect(rung).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(rung).toEqual(["first"]);
    vi.advanceTimersByTime(59);
    expect(rung).toEqual(["first"]);
    vi.advanceTimersByTime(1);
    expect(rung).toEqual(["first", "second"]);
  });

  it("do not ring for what ended in time", () => {
    const deadlines = new Deadlines(100);
    const rung: string[] = [];
    const ended = deadlines.watch(() => rung.push("ended"));
    deadlines.watch(() => rung.push("late"));
    ended();
    ended();
    vi.advanceTimersByTime(1_000);
    expect(rung).toEqual(["late"]);
  });

  it("need one timer for all, and none once nothing is watched", () => {
    const deadlines = new Deadlines(100);
    for (let i = 0; i < 1_000; i++) deadlines.watch(() => {})();
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
    const late = vi.fn();
    deadlines.watch(late);
    vi.advanceTimersByTime(100);
    expect(late).toHaveBeenCalledOnce();
  });
});
