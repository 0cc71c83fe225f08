import { parseAst } from "vitest/node";

/** A node of the syntax tree (ESTree with TypeScript's additions); what else it bears depends on its type. */
export interface SyntaxNode {
  readonly type: string;
  /** Offset of the first character, in UTF-16 code units. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
  readonly [member: string]: unknown;
}

/** A parsed source file. */
export interface SourceFile {
  /** Path from the root of the tree, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: SyntaxNode;
}

/** One-based place in a text. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Parses a TypeScript file with the parser that comes with the test runner (oxc), so that the gate needs no
 * parser of its own and words in comments and strings are never mistaken for code.
 *
 * @throws When the text is not TypeScript; the message says where.
 */
export function parseSource(path: string, text: string): SourceFile {
  const program: unknown = parseAst(text, { lang: path.endsWith("x") ? "tsx" : "ts" }, path);
  if (!isNode(program)) throw new TypeError(`Cannot parse "${path}": the parser gave no tree`);
  return { path, text, program };
}

/**
 * Visits every node, parents before children.
 *
 * @param visit Gets the node and its ancestors, the nearest last.
 */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void,
): void {
  const ancestors: SyntaxNode[] = [];
  const step = (current: SyntaxNode): void => {
    visit(current, ancestors);
    ancestors.push(current);
    for (const value of Object.values(current)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) step(child);
      }
    }
    ancestors.pop();
  };
  step(node);
}

/** Whether a member of a node is a node itself. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value &&
    typeof value.type === "string";
}

/** The name of an identifier, or `undefined` when the value is something else. */
export function identifierName(value: unknown): string | undefined {
  return isNode(value) && value.type === "Identifier" && typeof value["name"] === "string"
    ? value["name"]
    : undefined;
}

/** Where an offset lies. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return {
    line: before.split("\n").length,
    column: offset - (before.lastIndexOf("\n") + 1) + 1,
  };
}
