import type { Digest, JsonObject } from "../encoding/mod.ts";
import { isIntact, textOf } from "./stored_record.ts";
import type { LegacyReport } from "./verify_report.ts";

/**
 * Walks events of the original. It hashed before it redacted, so a hash that fails proves nothing; and it began
 * its chain anew with every start, so a missing run of events cannot be told from a restart.
 */
export class LegacyWalk {
  readonly #digest: Digest;
  #events = 0;
  #segments = 0;
  #unverifiable = 0;
  #firstUnverifiable: number | undefined;
  #lastHash = "";

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  /** Looks at the next event. */
  add(record: JsonObject, at: number): void {
    const previous = textOf(record, "prev_event_hash");
    if (previous === "" || this.#events === 0) this.#segments++;
    const linked = previous === "" || previous === this.#lastHash;
    if (!linked || !isIntact(record, this.#digest)) {
      this.#unverifiable++;
      this.#firstUnverifiable ??= at;
    }
    this.#events++;
    this.#lastHash = textOf(record, "event_hash");
  }

  /** What was found; `undefined` when there were no such events. */
  report(): LegacyReport | undefined {
    if (this.#events === 0) return undefined;
    const first = this.#firstUnverifiable;
    return {
      events: this.#events,
      segments: this.#segments,
      legacy_unverifiable: this.#unverifiable,
      ...(first === undefined ? {} : { first_unverifiable_at: first }),
    };
  }
}
