import { type Check, judge } from "../check.ts";

/** Nomos was not there before. */
const EARLIEST_MS = Date.UTC(2025, 0, 1);
/** Nobody runs this version by then. */
const LATEST_MS = Date.UTC(2100, 0, 1);

/** Whether the clock can be right: signatures, approvals and certificates depend on it. */
export const clockSane: Check = {
  id: "clock.sane",
  run({ adapters }) {
    const now = adapters.clock.now();
    return judge(now >= EARLIEST_MS && now < LATEST_MS, {
      good: "the clock is plausible",
      bad: "the clock shows a time long past or far ahead",
      hint: "set the clock, for example with NTP",
    });
  },
};
