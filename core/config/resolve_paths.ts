import type { Files } from "../ports/mod.ts";
import { configSchema } from "./schema.ts";
import type { Draft } from "./shape.ts";
import { splitSinks } from "./sinks.ts";
import { textsOf } from "./tree.ts";
import { notesOf } from "./walk.ts";

/**
 * Makes every path of a config absolute, taken from the folder of the config file: bundles, signatures, keys, TLS
 * files, OPA policy, workspace root, stores, `sqlite:` and `file:` sinks, working folders, and an upstream command
 * that has a path separator.
 *
 * @param draft changed in place
 */
export function resolvePaths(draft: Draft, folder: string, files: Files): void {
  const resolve = (path: string) => files.resolve(folder, path);
  for (const place of [...textsOf(configSchema, draft)]) {
    switch (notesOf(place.schema).path) {
      case "path":
        place.replace(resolve(place.text));
        break;
      case "command":
        if (/[/\\]/.test(place.text)) place.replace(resolve(place.text));
        break;
      case "sinks":
        place.replace(resolveSinks(place.text, resolve));
        break;
      case "store":
        place.replace(resolveStore(place.text, resolve));
        break;
      case undefined:
        break;
    }
  }
}

function resolveSinks(sink: string, resolve: (path: string) => string): string {
  return splitSinks(sink).map(({ kind, target, text }) =>
    (kind === "sqlite" || kind === "file") && target !== "" ? `${kind}:${resolve(target)}` : text
  ).join(",");
}

function resolveStore(store: string, resolve: (path: string) => string): string {
  const target = /^sqlite:(?:\/\/)?(.+)$/.exec(store)?.[1];
  return target === undefined ? store : `sqlite:${resolve(target)}`;
}
