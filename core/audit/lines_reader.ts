import type { JsonObject } from "../encoding/mod.ts";
import { type AuditFilter, type AuditReader, filterEntries, matchesFilter } from "./query.ts";
import type { SourceLine } from "./source.ts";
import { parseStored } from "./stored_record.ts";

/** Finds events in a log that can only be read from its beginning, in memory for the events that are asked for. */
export class LinesAuditReader implements AuditReader {
  readonly #lines: () => AsyncIterable<SourceLine>;

  /** @param lines starts over at each call */
  constructor(lines: () => AsyncIterable<SourceLine>) {
    this.#lines = lines;
  }

  async find(filter: AuditFilter, limit: number): Promise<readonly JsonObject[]> {
    const found: JsonObject[] = [];
    // A ring: the newest event takes the place of the oldest.
    let next = 0;
    for await (const event of eventsOf(this.#lines(), filter)) {
      found[next++ % limit] = event;
    }
    const oldest = next % limit;
    return next <= limit ? found : [...found.slice(oldest), ...found.slice(0, oldest)];
  }
}

/** The events of a log that are asked for, oldest first; lines that are no events are passed over. */
export async function* eventsOf(
  lines: AsyncIterable<SourceLine>,
  filter: AuditFilter = {},
): AsyncGenerator<JsonObject> {
  // Parsing costs most: a line that does not even hold the wanted words is not parsed.
  const words = filterEntries(filter).map(([, wanted]) => wanted).filter((w) => PLAIN.test(w));
  for await (const { text } of lines) {
    if (text === undefined || !words.every((word) => text.includes(word))) continue;
    const event = parseStored(text);
    if (event !== undefined && matchesFilter(event, filter)) yield event;
  }
}

/** Text that is stored as it is, without any escape, by us and by the original. */
const PLAIN = /^[A-Za-z0-9._:-]*$/;
