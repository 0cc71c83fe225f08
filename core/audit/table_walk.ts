import type { JsonObject } from "../encoding/mod.ts";
import type { ChainHead } from "./chain.ts";
import { columnsOf } from "./sinks/sqlite_schema.ts";
import type { SourceLine } from "./source.ts";
import type { Break } from "./verify_report.ts";

/** Checks what a table knows besides the events in it: its other columns, and which row ids it gave out. */
export class TableWalk {
  readonly #onBreak: (found: Break) => void;
  #lastId = 0;
  #lastInChain = false;
  #missingLegacy = 0;

  constructor(onBreak: (found: Break) => void) {
    this.#onBreak = onBreak;
  }

  /** Rows that are missing among events of the original; they may have been removed on purpose. */
  get missingLegacy(): number {
    return this.#missingLegacy;
  }

  /**
   * Looks at the next row.
   *
   * @param found the event in it and its place in a chain, when it has one
   * @param told whether the chain has shown already that something is wrong here
   */
  add(
    { at, columns }: SourceLine,
    found: { readonly record: JsonObject; readonly place: ChainHead } | undefined,
    told: boolean,
  ): void {
    const missing = at - this.#lastId - 1;
    if (missing > 0 && !told) {
      // Whoever cuts the end of a log and lets it go on leaves a whole chain, but not all of the rows.
      if (found && this.#lastInChain) {
        const message = `rows ${this.#lastId + 1} to ${at - 1} before it were deleted`;
        this.#break("deleted_rows", at, found.place, message);
      } else this.#missingLegacy += missing;
    }
    if (found && columns) this.#checkColumns(found, at, columns);
    this.#lastId = at;
    this.#lastInChain = found !== undefined;
  }

  /** Whoever searches the table trusts its columns: they must say what the event says. */
  #checkColumns(
    { record, place }: { readonly record: JsonObject; readonly place: ChainHead },
    at: number,
    columns: NonNullable<SourceLine["columns"]>,
  ): void {
    const wrong = Object.entries(columnsOf(record)).find(([name, value]) =>
      columns[name] !== value
    );
    if (wrong === undefined) return;
    this.#break("columns_changed", at, place, `its column ${wrong[0]} does not say what it says`);
  }

  /** @param highestId the highest id the table ever gave out */
  finish(highestId: number | undefined): void {
    if (highestId === undefined || highestId <= this.#lastId) return;
    const message = `rows ${this.#lastId + 1} to ${highestId} were deleted from the end`;
    this.#onBreak({ kind: "cut_tail", at: 0, message });
  }

  #break(kind: Break["kind"], at: number, { chainId, seq }: ChainHead, message: string): void {
    this.#onBreak({ kind, at, chain_id: chainId, seq, message });
  }
}
