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
export { type Canonicalizable, canonicalJson, fingerprintJson } from "./canonical_json.ts";
export {
  constantTimeEqual,
  type Digest,
  fromHex,
  paramsHash,
  portableDigest,
  toHex,
} from "./hash.ts";
export {
  compileGlob,
  Glob,
  type GlobOptions,
  type GlobSegment,
  matchesWild,
  matchSegments,
} from "./glob.ts";
export { normalizePatternText } from "./glob_text.ts";
export { normalizeHost } from "./host.ts";
export { type CutText, cutText, type TextCaps } from "./cut_text.ts";
export { compareUtf8, decodeUtf8, decodeUtf8Lossy, encodeUtf8, utf8Length } from "./utf8.ts";
export { invisibleCharacter } from "./visible_text.ts";
export { parseYaml, type ParseYamlOptions } from "./strict_yaml.ts";
export { parseDocument, type ParseDocumentOptions } from "./parse_document.ts";
export { foldCase, lowerCase } from "./letter_case.ts";
export { toWirePath } from "./wire_path.ts";
export {
  characterFlaws,
  cleanFilePath,
  cleanPlainPath,
  fileNameFlaws,
  isDots,
  TRAVERSAL,
} from "./file_path.ts";
export { decodeOutput } from "./decode_output.ts";
export { nearest } from "./nearest.ts";
