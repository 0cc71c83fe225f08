import { failureAt, type Finding } from "./finding.ts";
import {
  identifierName,
  isNode,
  placeOf,
  type SourceFile,
  type SyntaxNode,
  walk,
} from "./syntax.ts";

const WHERE: Readonly<Record<string, string>> = {
  Deno: "an adapter behind a port",
  process: "an adapter behind a port",
  console: "an observer, or the terminal of the command line",
  Buffer: "Uint8Array",
  require: "a static import",
  __dirname: "a path that somebody hands in",
  __filename: "a path that somebody hands in",
};

const GLOBAL_OBJECTS = new Set(["globalThis", "self", "global", "window"]);

/**
 * Finds the names of a runtime in a file that must run in any: `Deno`, `process`, `console` and their like, by
 * themselves or as members of the global object. A name that the file itself declares is its own business.
 */
export function runtimeNames(file: SourceFile): Finding[] {
  const declared = declaredNames(file);
  const findings: Finding[] = [];
  walk(file.program, (node, ancestors) => {
    const name = identifierName(node);
    if (name === undefined || declared.has(name) || isLabel(node, ancestors.at(-1))) return;
    if (Object.hasOwn(WHERE, name)) findings.push(failureAt(file, node, names(name)));
    else if (GLOBAL_OBJECTS.has(name)) {
      const message = judgeGlobal(name, node, ancestors);
      if (message !== undefined) findings.push(failureAt(file, node, message));
    }
  });
  return findings;
}

/** Finds the directives by which a file would bring a runtime's types in, for itself and for every other. */
export function runtimeTypes(file: SourceFile): Finding[] {
  return [...file.text.matchAll(/^\/\/\/\s*<reference\b.*$/gm)].map((match) => ({
    path: file.path,
    ...placeOf(file.text, match.index),
    message: "refers to other types: core has those of the language and of a web worker",
    severity: "failure",
  }));
}

function names(name: string): string {
  return `names ${name}: core runs in any runtime, use ${WHERE[name]}`;
}

/** The global object may only be asked for a member by its plain name, and not for one of a runtime. */
function judgeGlobal(
  name: string,
  node: SyntaxNode,
  ancestors: readonly SyntaxNode[],
): string | undefined {
  if (ancestors.some((ancestor) => ancestor.type === "TSTypeQuery")) return undefined;
  let inner = node;
  for (const outer of ancestors.toReversed()) {
    if (outer.type === "MemberExpression" && outer["object"] === inner) {
      const member = outer["computed"] === true ? undefined : identifierName(outer["property"]);
      if (member === undefined) break;
      return Object.hasOwn(WHERE, member)
        ? names(`${name}.${member}`.replace(/^.*\./, ""))
        : undefined;
    }
    if (!/^(TS(As|Satisfies|NonNull)Expression|ParenthesizedExpression)$/.test(outer.type)) break;
    inner = outer;
  }
  return `uses ${name} as a value: name the member that is needed, as in ${name}.crypto`;
}

/** Whether an identifier is only a label: a member's name, a key, a name in an import or export list. */
function isLabel(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent === undefined) return false;
  const { params } = parent;
  if (parent.type.startsWith("TS") && Array.isArray(params) && params.includes(node)) return true;
  switch (parent.type) {
    case "MemberExpression":
      return parent["property"] === node && parent["computed"] !== true;
    case "Property":
      return parent["key"] === node && parent["computed"] !== true && parent["shorthand"] !== true;
    case "PropertyDefinition":
    case "MethodDefinition":
    case "AccessorProperty":
    case "TSPropertySignature":
    case "TSMethodSignature":
    case "TSAbstractMethodDefinition":
    case "TSAbstractPropertyDefinition":
      return parent["key"] === node && parent["computed"] !== true;
    case "ImportSpecifier":
      return parent["imported"] === node && parent["local"] !== node;
    case "ExportSpecifier":
      return parent["exported"] === node && parent["local"] !== node;
    case "TSQualifiedName":
      return parent["right"] === node;
    case "TSEnumMember":
    case "LabeledStatement":
      return true;
    default:
      return false;
  }
}

/** The names that a file binds anywhere: imports, variables, parameters, functions, classes. `declare` binds nothing. */
function declaredNames(file: SourceFile): Set<string> {
  const declared = new Set<string>();
  const bind = (pattern: unknown): void => {
    if (Array.isArray(pattern)) return pattern.forEach(bind);
    if (!isNode(pattern)) return;
    const name = identifierName(pattern);
    if (name !== undefined) declared.add(name);
    for (const member of ["elements", "properties", "argument", "left", "parameter"]) {
      bind(pattern[member]);
    }
    if (pattern.type === "Property") bind(pattern["value"]);
  };
  walk(file.program, (node, ancestors) => {
    if (node["declare"] === true || ancestors.at(-1)?.["declare"] === true) return;
    if (/^Import(Default|Namespace)?Specifier$/.test(node.type)) bind(node["local"]);
    if (node.type === "VariableDeclarator") bind(node["id"]);
    if (/^(Function|Class)/.test(node.type)) bind(node["id"]);
    if (!node.type.startsWith("TS")) bind(node["params"]);
  });
  return declared;
}
