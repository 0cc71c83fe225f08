import { createAdapters } from "../../cli/adapters/mod.ts";
import type { CommandContext } from "../../commands/command.ts";
import { configuredBasis } from "../../commands/configured_basis.ts";
import { considerDocument } from "../../commands/offline.ts";
import { decodeActionFile } from "../../core/engine/mod.ts";
import { meaningOf } from "../../core/model/mod.ts";
import { TEST_IDENTITY } from "../support/signed_request.ts";

/** What is decided without a gateway. */
export interface OfflineAnswer {
  /** As `outcomeOf` says it. */
  readonly outcome: string;
  readonly rules: readonly string[];
}

/** What `nomos explain --config` decides. */
export interface OfflineDoor {
  /** @param body a request as it would be sent; who asks is put in */
  decide(body: Uint8Array): OfflineAnswer;
}

const encoder = new TextEncoder();

/** The members an action file has besides those of a request, as they follow its opening brace. */
const IDENTITY = encoder.encode(
  `"principal":"${TEST_IDENTITY.principal}","agent":"${TEST_IDENTITY.agent}",` +
    `"environment":"${TEST_IDENTITY.environment}",`,
);

/** Reads a configuration and its bundles as the commands without a gateway do. */
export async function openOffline(configPath: string): Promise<OfflineDoor> {
  const context: CommandContext = {
    terminal: {
      out: () => {},
      err: () => {},
      color: false,
      interactive: false,
      readStdin: () => Promise.resolve(new Uint8Array()),
      stdin: async function* () {},
    },
    adapters: createAdapters(),
    stop: new AbortController().signal,
    openLog: () => Promise.reject(new Error("no log")),
    listen: () => Promise.reject(new Error("nobody listens")),
  };
  const basis = await configuredBasis(context, configPath, []);
  return {
    decide: (body) => {
      const document = decodeActionFile(asActionFile(body));
      if (!document.ok) return refused(document.reason.code);
      const considered = considerDocument(document.value, basis, context);
      if (!considered.ok) return refused(considered.reason.code);
      const { verdict, reason, rules } = considered.value.decision;
      const { wire } = meaningOf(reason);
      return { outcome: verdict === "DENY" ? wire : `${verdict} ${wire}`, rules };
    },
  };
}

function refused(code: Parameters<typeof meaningOf>[0]): OfflineAnswer {
  return { outcome: meaningOf(code).wire, rules: [] };
}

function asActionFile(body: Uint8Array): Uint8Array {
  const brace = body.indexOf("{".charCodeAt(0)) + 1;
  const file = new Uint8Array(body.length + IDENTITY.length);
  file.set(body.subarray(0, brace));
  file.set(IDENTITY, brace);
  file.set(body.subarray(brace), brace + IDENTITY.length);
  return file;
}
