import type { SourceFile } from "./syntax.ts";

/**
 * Whether a file is a source of the browser's pages. These few are written for a document, say so with
 * `/// <reference lib="dom" />`, and reach the product only as the text that a script bundles from them.
 */
export function isPageSource(file: SourceFile): boolean {
  return file.path.startsWith("core/ui/") && /^\/\/\/ <reference lib="dom"/m.test(file.text);
}
