/** A table of markdown; cells are made safe for it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** Text as code; nothing stays nothing. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** Several words as code, separated by commas. */
export function codes(words: readonly string[]): string {
  return words.map(code).join(", ");
}

/** The head of a generated document. */
export function heading(title: string, source: string): string {
  return `<!-- Made from ${source} by \`deno task docs\`. Change that, not this. -->\n\n# ${title}`;
}

/** Paragraphs with an empty line between them. */
export function paragraphs(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
