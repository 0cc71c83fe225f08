export { normalizeResource } from "./resource.ts";
