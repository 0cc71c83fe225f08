import { describe, expect, it } from "vitest";
import { encodeUtf8, portableDigest } from "../../../../core/encoding/mod.ts";
import {
  type AgentDemand,
  createAuthenticator,
  type Evidence,
} from "../../../../core/identity/mod.ts";
import { readVectors } from "../encoding/vectors.ts";
import { ManualClock } from "../../../support/manual_clock.ts";

/** The first line of the file. */
interface Ground {
  readonly settings: {
    readonly environment: string;
    readonly api_keys: Record<string, string>;
    readonly service_secrets: Record<string, string>;
    readonly agent_secrets: Record<string, string>;
  };
  readonly now_ms: number;
}

/** Every other line. */
interface Vector {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly agent: AgentDemand;
  readonly expect: { readonly refused: string } | Record<string, string>;
}

const [ground, ...vectors] = readVectors<Ground | Vector>("auth") as [Ground, ...Vector[]]; // the first line is the ground

function evidenceOf({ headers, method, target }: Vector): Evidence {
  return {
    authorization: headers["Authorization"],
    serviceId: headers["X-Nomos-Service-Id"],
    serviceSignature: headers["X-Nomos-Service-Signature"],
    agentId: headers["X-Nomos-Agent-Id"],
    agentSignature: headers["X-Nomos-Agent-Signature"],
    timestamp: headers["X-Nomos-Timestamp"],
    nonce: headers["X-Nomos-Nonce"],
    method,
    target,
  };
}

describe("the authentication vectors", () => {
  const authenticator = createAuthenticator({
    environment: ground.settings.environment,
    apiKeys: ground.settings.api_keys,
    serviceSecrets: ground.settings.service_secrets,
    agentSecrets: ground.settings.agent_secrets,
  }, { digest: portableDigest, clock: new ManualClock(ground.now_ms) });

  // One authenticator for all, in order: a nonce used by one line is used for the next.
  it.each(vectors.map((vector) => [vector.name, vector] as const))(
    "hold: %s",
    async (_, vector) => {
      const body = encodeUtf8(vector.body);
      const { agent } = vector;
      const answer = await authenticator.authenticate(evidenceOf(vector), body, { agent });
      const got = answer.ok
        ? answer.value.facts
        : { refused: answer.reason.metadata?.["auth_failure"] };
      expect(got).toEqual(vector.expect);
    },
  );
});
