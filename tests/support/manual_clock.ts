export { ManualClock } from "../../core/testing/mod.ts";
