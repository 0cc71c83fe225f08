import { OBLIGATIONS } from "../../../core/obligations/mod.ts";
import { code, heading, paragraphs, table } from "./markdown.ts";

/** When an obligation acts, in words. */
const ACTS: Readonly<Record<string, string>> = {
  before: "before anything happens: what cannot be met is denied",
  during: "while the action is performed",
  after: "on what comes back",
  record: "on the record only",
};

/** The reference of obligations. */
export function obligationsReference(): string {
  const written = OBLIGATIONS.filter(({ schema }) => schema !== undefined);
  const derived = OBLIGATIONS.filter(({ schema }) => schema === undefined);
  return paragraphs([
    heading("Obligations", "core/obligations"),
    "A rule that lets an action through may bind it with `obligations`. When several rules decide together, " +
    "their obligations are merged, and the stricter always holds. An obligation that this installation cannot " +
    "meet denies the action; one of the wrong type or of an unknown name is an error when the bundle loads.",
    table(
      ["obligation", "type", "several rules", "acts", "what it does"],
      [...written].sort((a, b) => a.name < b.name ? -1 : 1).map((one) => [
        one.name === "extras" ? "`x_…`" : code(one.name),
        one.typeText,
        one.mergeText,
        acts(one.acts),
        one.summary,
      ]),
    ),
    derived.length === 0 ? "" : "Not written, but shown in answers:",
    table(
      ["obligation", "from", "several rules", "what it does"],
      derived.map((one) => [code(one.name), one.typeText, one.mergeText, one.summary]),
    ),
  ]);
}

function acts(when: string): string {
  const words = ACTS[when];
  if (words === undefined) throw new Error(`Cannot describe "acts: ${when}"`);
  return words;
}
