import { builtin } from "./builtin.ts";
import type { Clock, Ids } from "../../core/ports/mod.ts";

/** The system's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  turn: () =>
    new Promise((resolve) => {
      builtin("node:timers").setImmediate(resolve);
    }),
};

/** Identifiers from the platform's cryptographic generator. */
export const randomIds: Ids = {
  hex(bytes) {
    const random = crypto.getRandomValues(new Uint8Array(bytes));
    let hex = "";
    for (const byte of random) hex += byte.toString(16).padStart(2, "0");
    return hex;
  },
};
