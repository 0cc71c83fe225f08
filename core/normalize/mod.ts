export { toWirePath } from "./path.ts";
export { normalizeResource } from "./resource.ts";
