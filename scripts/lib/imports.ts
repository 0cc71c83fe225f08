import { isNode, type SourceFile, type SyntaxNode, walk } from "./syntax.ts";

/** One place where a file names another module. */
export interface ImportSite {
  readonly node: SyntaxNode;
  /** As written; `undefined` when it is computed at run time. */
  readonly specifier: string | undefined;
  /** Whether the whole statement vanishes when types are taken away. */
  readonly typeOnly: boolean;
}

/**
 * Every module that a file names: static and dynamic imports, re-exports, and imports inside types.
 *
 * @returns In the order of the text.
 */
export function importsOf(file: SourceFile): ImportSite[] {
  const sites: ImportSite[] = [];
  walk(file.program, (node) => {
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportAllDeclaration":
      case "ExportNamedDeclaration": {
        if (!isNode(node["source"])) return;
        const typeOnly = node["importKind"] === "type" || node["exportKind"] === "type";
        sites.push({ node, specifier: literal(node["source"]), typeOnly });
        return;
      }
      case "ImportExpression":
        sites.push({ node, specifier: literal(node["source"]), typeOnly: false });
        return;
      case "TSImportType":
        sites.push({ node, specifier: literal(node["source"]), typeOnly: true });
        return;
    }
  });
  return sites;
}

function literal(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  return value.type === "Literal" && typeof value["value"] === "string"
    ? value["value"]
    : undefined;
}
