import type { JsonObject } from "../encoding/mod.ts";
import { actionSchema } from "./openapi/action.ts";
import { DIALECT } from "./openapi/common.ts";
import { components } from "./openapi/components.ts";
import { explanationSchema } from "./openapi/explanation.ts";
import { PATHS } from "./openapi/operations.ts";
import { reportSchema } from "./openapi/report.ts";
import { responseSchema } from "./openapi/response.ts";

/**
 * The contract of the HTTP API, as an OpenAPI 3.1 document. What the code checks with is what it says: ids, action
 * types with their params, reasons with their statuses, obligations.
 */
export function openApiDocument(): JsonObject {
  return {
    openapi: "3.1.0",
    info: {
      title: "Nomos HTTP API",
      version: "1",
      summary: "An execution firewall for AI agents.",
      description:
        "Agents send what they want to do as signed documents; Nomos decides by policy, executes what is allowed, and " +
        "keeps a record that shows when it was changed. Errors have the shape of a response with `decision` DENY and an " +
        "`error`; branch on `error.code`, never on a message.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    jsonSchemaDialect: DIALECT,
    servers: [{
      url: "http://127.0.0.1:8080",
      description: "Where a gateway listens unless told.",
    }],
    tags: [
      { name: "actions", description: "What agents do." },
      { name: "approvals", description: "What humans decide." },
      { name: "status", description: "What operators and probes ask." },
    ],
    paths: PATHS,
    components: components(),
  };
}

/** The contract as JSON text. */
export function openApiJson(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

/** The contract as YAML text. */
export async function openApiYaml(): Promise<string> {
  const { stringify } = await import("yaml");
  return stringify(openApiDocument(), { aliasDuplicateObjects: false, lineWidth: 100 });
}

/** The documents of the contract that stand on their own, as JSON Schemas by name. */
export function documentSchemas(): Readonly<Record<string, JsonObject>> {
  const schemas = {
    action: actionSchema,
    response: responseSchema,
    report: reportSchema,
    explanation: explanationSchema,
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, { $schema: DIALECT, ...schema }]),
  );
}
