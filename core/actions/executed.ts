import type { JsonObject } from "../encoding/mod.ts";
import type { Terms } from "../model/mod.ts";

/** Executors keep this many bytes more than the cap, so that redaction sees what follows and then cuts. */
export const MARGIN_BYTES = 65_536;

/** Raw text of one stream, before redaction. */
export interface RawStream {
  readonly text: string;
  /** Whether the executor threw away what came behind. */
  readonly cut: boolean;
  /** What stood in front of it; never shown, but a secret may have begun there. */
  readonly before?: string;
}

/** Members of the response that an executor fills in. */
export interface ExecutedMeta {
  readonly bytes_written?: number;
  readonly exit_code?: number;
  readonly status_code?: number;
  readonly credential_lease_id?: string;
  readonly credential_lease_ids?: readonly string[];
}

/** What an executor brought back. Raw: it never leaves the engine, which redacts and cuts it. */
export class Executed {
  readonly #streams: Readonly<Partial<Record<"output" | "stdout" | "stderr", RawStream>>>;
  /** Values to be redacted besides what patterns find. */
  readonly secrets: readonly string[];
  readonly meta: ExecutedMeta;
  /** Facts for the audit event; redacted like everything else. */
  readonly metadata: JsonObject;
  /** What binds the outcome, where that is stricter than what the permit says. */
  readonly terms: Terms | undefined;

  constructor(options: {
    streams?: Readonly<Partial<Record<"output" | "stdout" | "stderr", RawStream>>>;
    secrets?: readonly string[];
    meta?: ExecutedMeta;
    metadata?: JsonObject;
    terms?: Terms;
  }) {
    this.#streams = options.streams ?? {};
    this.secrets = options.secrets ?? [];
    this.meta = options.meta ?? {};
    this.metadata = options.metadata ?? {};
    this.terms = options.terms;
  }

  /** The raw streams, for the engine's disclose stage only. */
  get streams(): Readonly<Partial<Record<"output" | "stdout" | "stderr", RawStream>>> {
    return this.#streams;
  }
}
