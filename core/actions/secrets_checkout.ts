import { type JsonObject, ok, type Problem, type Result } from "../encoding/mod.ts";
import type { Refusal } from "../model/mod.ts";
import type { ActionType } from "./action_type.ts";
import { Executed } from "./executed.ts";
import { ParamReader } from "./params.ts";
import type { Permit } from "./permit.ts";
import type { ActionPorts } from "./ports.ts";

/** Which secret is wanted. */
export interface SecretsCheckoutParams {
  /** As the resource names it, in lower case. */
  readonly secretId: string;
}

/** `secrets.checkout`: lends a secret. The answer names a lease, never the secret. */
export const secretsCheckout: ActionType<SecretsCheckoutParams> = {
  name: "secrets.checkout",
  summary: "Lends a secret to processes of this trace; the answer is a lease id, never the secret.",
  schemes: ["secret"],
  risk: ["risk.secrets"],
  runtimeChecks: ["lease"],
  execution: "nomos",
  paramsSchema: {
    type: "object",
    additionalProperties: false,
    required: ["secret_id"],
    properties: {
      secret_id: {
        type: "string",
        description: "The id that the resource names: secret://<host>/<id>.",
      },
    },
  },
  parse,
  facets: () => NO_FACETS,
  execute,
};

const NO_FACETS = Object.freeze({});

/** INVARIANT: what is lent is what the resource names; a second name in params must be the same. */
function parse(
  params: JsonObject,
  resource: string,
): Result<SecretsCheckoutParams, readonly Problem[]> {
  const reader = new ParamReader(params, ["secret_id"]);
  reader.require("secret_id");
  const secretId = reader.text("secret_id") ?? "";
  const authorized = resource.slice(resource.lastIndexOf("/") + 1);
  // Ids are the same whatever their case: a normalized resource has lower case only.
  if (reader.has("secret_id") && secretId.toLowerCase() !== authorized) {
    reader.problem("secret_id", 'Cannot use "secret_id": expected the id that the resource names');
  }
  return reader.finish(() => ({ secretId: authorized }));
}

function execute(
  permit: Permit<SecretsCheckoutParams>,
  ports: ActionPorts,
): Promise<Result<Executed, Refusal>> {
  const { facts } = permit.action;
  const lease = ports.leases.checkout(permit.params.secretId, {
    ...facts.identity,
    traceId: facts.traceId,
  });
  if (!lease.ok) return Promise.resolve(lease);
  return Promise.resolve(
    ok(
      new Executed({
        meta: { credential_lease_id: lease.value, credential_lease_ids: [lease.value] },
        metadata: { secret_id: permit.params.secretId },
      }),
    ),
  );
}
