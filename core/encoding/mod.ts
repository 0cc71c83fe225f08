export { fail, ok, type Result } from "./result.ts";
export { echo, formatProblem, MAX_ECHO, type Position, type Problem } from "./problem.ts";
export {
  isJsonArray,
  isJsonObject,
  isNumberText,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  numberSource,
} from "./json_value.ts";
export { fromPointer, pointerToken, toPointer } from "./json_pointer.ts";
export {
  MAX_DEPTH,
  type ParsedDocument,
  type ParsedJson,
  parseJson,
  type ParseJsonOptions,
} from "./strict_json.ts";
