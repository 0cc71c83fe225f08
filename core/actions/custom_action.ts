import { type JsonObject, ok } from "../encoding/mod.ts";
import { schemesOf } from "../model/mod.ts";
import type { ActionType } from "./action_type.ts";

const NAME = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/;
const MAX_NAME_LENGTH = 128;

const ANY_PARAMS: JsonObject = Object.freeze({
  type: "object",
  description: "Any members; rules may match them with params_match.",
});

/**
 * The type of an action that Nomos authorizes and its caller executes: any name that is not built in, with any
 * params.
 *
 * @param name dotted lower-case words, `payments.refund`
 * @returns `undefined` when the name is reserved or not well-formed
 *
 * @example
 * ```ts
 * customActionType("payments.refund")?.execution; // "external"
 * customActionType("fs.read"); // undefined
 * ```
 */
export function customActionType(name: string): ActionType<JsonObject> | undefined {
  if (name.length > MAX_NAME_LENGTH || !NAME.test(name)) return undefined;
  // A name with a meaning of Nomos's own is not a custom type, not even where it is not available.
  if (schemesOf(name).length > 0) return undefined;
  return {
    name,
    summary: "Authorized by Nomos and executed by the caller.",
    schemes: [],
    risk: [],
    paramsSchema: ANY_PARAMS,
    runtimeChecks: [],
    execution: "external",
    parse: (params) => ok(params),
    facets: () => NO_FACETS,
  };
}

const NO_FACETS = Object.freeze({});

/** Whether a type's meaning is Nomos's own, available or not: nobody else executes or reports it. */
export function isBuiltInType(name: string): boolean {
  return schemesOf(name).length > 0;
}
