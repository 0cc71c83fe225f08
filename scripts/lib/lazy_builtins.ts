import type { Plugin } from "esbuild";
import { builtinModules } from "node:module";

/**
 * An esbuild plugin that makes Node's built-in modules load when they are first used, not when the bundle starts.
 *
 * A static `import "node:fs"` anywhere in the bundle is hoisted to its top by esbuild, even out of a module that is
 * itself loaded lazily, and every command then pays for it. Here each built-in becomes a small module in the bundle
 * whose exports are getters: the first read of any of them calls `process.getBuiltinModule()`, puts the real values
 * in the getters' place, and costs a plain property read from then on.
 *
 * {@linkcode unwrapLazyBuiltins} must run over esbuild's output, since the helper that esbuild puts around an
 * imported CommonJS module would read every export at once.
 *
 * @example
 * ```ts ignore
 * await esbuild.build({ plugins: [lazyBuiltins()], write: false, bundle: true, format: "esm" });
 * ```
 */
export function lazyBuiltins(): Plugin {
  return {
    name: "lazy-builtins",
    setup(build) {
      const pattern = new RegExp(`^(node:.+|${builtinModules.map(escape).join("|")})$`);
      build.onResolve({ filter: pattern }, (args) => ({
        path: args.path.startsWith("node:") ? args.path : `node:${args.path}`,
        // A CommonJS dependency asks for the module at the moment it needs it, and may call what it gets.
        namespace: args.kind === "require-call" ? "builtin_value" : "builtin",
      }));
      build.onLoad({ filter: /.*/, namespace: "builtin_value" }, ({ path }) => ({
        contents: `module.exports = ${loadExpression(path)};`,
      }));
      build.onLoad({ filter: /.*/, namespace: "builtin" }, async ({ path }) => ({
        contents: facade(path, await exportNames(path)),
      }));
    },
  };
}

/** Names of the modules that {@linkcode lazyBuiltins} made, as esbuild calls them in its output. */
export function facadesOf(code: string): string[] {
  return [...code.matchAll(/^var (require_\w+) = __commonJS\(\{\s*"builtin:/gm)]
    .flatMap(([, name]) => name === undefined ? [] : [name]);
}

/**
 * Takes esbuild's interop helper away from the modules that {@linkcode lazyBuiltins} made: they already have the
 * shape of a namespace object, and the helper would defeat their laziness.
 *
 * @param code The text of one output file, not minified in its names.
 * @param facades Their names, over all output files: {@linkcode facadesOf}.
 * @returns The text in which the built-ins are lazy.
 */
export function unwrapLazyBuiltins(code: string, facades: readonly string[]): string {
  let result = code;
  for (const name of facades) {
    // `, 1` marks an importer that is itself an ES module; the facade serves both kinds.
    result = result.replaceAll(
      new RegExp(`__toESM\\(${name}\\(\\)(, ?1)?\\)`, "g"),
      `${name}()`,
    );
  }
  return result;
}

/** Static built-in imports that are left in a bundle: there must be none. */
export function eagerBuiltins(code: string): string[] {
  const names = builtinModules.map(escape).join("|");
  const statement = new RegExp(
    `^(?:import|export)\\b[^;]*?["'](?:node:[^"']+|${names})["'].*$`,
    "gm",
  );
  return [...code.matchAll(statement)].map(([line]) => line);
}

function facade(path: string, names: string[]): string {
  return `const names = ${JSON.stringify(names)};
let real;
const settle = () => {
  real = ${loadExpression(path)};
  const value = (name, value) =>
    Object.defineProperty(exports, name, { value, writable: true, enumerable: true });
  for (const name of names) value(name, real[name]);
  value("default", real);
};
for (const name of [...names, "default"]) {
  Object.defineProperty(exports, name, {
    configurable: true,
    enumerable: true,
    get: () => (real === undefined && settle(), exports[name]),
  });
}
Object.defineProperty(exports, "__esModule", { value: true });
`;
}

function loadExpression(path: string): string {
  const missing = `Cannot load "${path}": this runtime does not have it`;
  return `globalThis.process?.getBuiltinModule?.(${JSON.stringify(path)}) ?? ` +
    `(() => { throw new Error(${JSON.stringify(missing)}); })()`;
}

async function exportNames(path: string): Promise<string[]> {
  const module: Record<string, unknown> = await import(path);
  return Object.keys(module).filter((name) => name !== "default" && name !== "module.exports")
    .sort();
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
