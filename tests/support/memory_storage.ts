export { MemoryStorage } from "../../core/testing/mod.ts";
