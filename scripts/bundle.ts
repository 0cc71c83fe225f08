/**
 * Makes `dist/nomos.mjs` and the parts it loads when they are needed, `dist/nomos-*.mjs`: the whole program as ES
 * modules that start under Deno and under Node. `deno run -A scripts/bundle.ts [--root DIR] [--entry FILE] [--out FILE]`.
 *
 * What a command does not use it does not pay for: each dynamic import is a file of its own, since even a comment of the
 * program's length costs a third of an empty start, and Node's built-in modules load when they are used. White space
 * is taken out and names are kept, so that a stack trace still tells where it was.
 */
import * as esbuild from "esbuild";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { print, PROJECT_ROOT } from "./lib/finding.ts";
import { eagerBuiltins, facadesOf, lazyBuiltins, unwrapLazyBuiltins } from "./lib/lazy_builtins.ts";
import { readStamp, type Stamp } from "./lib/stamp.ts";

/** The files of a bundle: the text of each by its name; the entry's comes first. */
export type Bundled = ReadonlyMap<string, string>;

/**
 * Bundles an entry point.
 *
 * @param root The project's folder; `entry` is seen from there.
 * @param name What the entry's file is called; the parts are named after it.
 * @returns ES modules without any import but of each other.
 * @throws When something does not resolve, or a built-in would be loaded at start.
 */
export async function bundle(
  root: string,
  entry: string,
  options: { readonly stamp: Stamp; readonly name: string },
): Promise<Bundled> {
  const { stamp, name } = options;
  const stem = basename(name, ".mjs");
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { [stem]: entry },
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    chunkNames: `${stem}-[hash]`,
    splitting: true,
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "esnext",
    mainFields: ["module", "main"],
    plugins: [lazyBuiltins()],
    // A CommonJS package that is imported late would come as a default export only; this one has modules too.
    alias: { yaml: join(PROJECT_ROOT, "node_modules/yaml/browser/index.js") },
    logLevel: "warning",
    define: {
      __NOMOS_VERSION__: JSON.stringify(stamp.version),
      __NOMOS_COMMIT__: JSON.stringify(stamp.commit),
      __NOMOS_BUILD_DATE__: JSON.stringify(stamp.buildDate),
    },
  });
  const texts = result.outputFiles.map((file) => file.text);
  const facades = facadesOf(texts.join("\n"));
  const files = new Map<string, string>();
  for (const file of result.outputFiles) {
    const code = unwrapLazyBuiltins(file.text, facades);
    const eager = eagerBuiltins(code);
    if (eager.length > 0) {
      throw new Error(`Cannot bundle "${entry}": these load at start:\n${eager.join("\n")}`);
    }
    const packed = await esbuild.transform(code, {
      minifyWhitespace: true,
      format: "esm",
      target: "esnext",
    });
    files.set(basename(file.path), loadPartsLate(packed.code));
  }
  return await mergeStart(files, name);
}

/**
 * Puts what the entry needs from the start into the entry's own file, from which the other parts then import it: each
 * small file more would cost a fortieth of an empty start.
 */
async function mergeStart(files: Bundled, name: string): Promise<Bundled> {
  const start = closureOf(files, name);
  const shared = start.filter((part) => part !== name);
  refuseDoubleExports(files, shared);
  const merged = await esbuild.build({
    stdin: {
      contents: [...shared.map((part) => `export * from "./${part}";`), `import "./${name}";`].join(
        "\n",
      ),
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "esnext",
    minifyWhitespace: true,
    plugins: [inMemory(files)],
  });
  const rest = [...files].filter(([part]) => !start.includes(part));
  const own = new RegExp(`"\\./(?:${start.join("|").replaceAll(".", "\\.")})"`, "g");
  return new Map([
    [name, merged.outputFiles[0]?.text ?? ""],
    ...rest.map(([part, code]) => [part, code.replaceAll(own, `"./${name}"`)] as const),
  ]);
}

const STATIC_IMPORT = /\b(?:import|from)"\.\/([^"]+\.mjs)"/g;

/** The entry and every part it imports statically, however far away. */
function closureOf(files: Bundled, name: string): string[] {
  const found = new Set<string>([name]);
  for (const part of found) {
    for (const [, next = ""] of (files.get(part) ?? "").matchAll(STATIC_IMPORT)) found.add(next);
  }
  return [...found];
}

/** Two parts that export one name cannot become one file: neither would be exported. */
function refuseDoubleExports(files: Bundled, parts: readonly string[]): void {
  const seen = new Set<string>();
  for (const part of parts) {
    for (const [, list = ""] of (files.get(part) ?? "").matchAll(/\bexport\{([^}]*)\}/g)) {
      for (const item of list.split(",")) {
        const exported = item.split(" as ").at(-1) ?? "";
        if (seen.has(exported)) {
          throw new Error(`Cannot merge the start: "${exported}" is exported twice`);
        }
        seen.add(exported);
      }
    }
  }
}

function inMemory(files: Bundled): esbuild.Plugin {
  return {
    name: "in-memory",
    setup(build) {
      build.onResolve(
        { filter: /^\.\// },
        ({ path }) => ({ path: path.slice(2), namespace: "memory" }),
      );
      build.onLoad({ filter: /.*/, namespace: "memory" }, ({ path }) => ({
        contents: files.get(path) ?? "",
        loader: "js",
      }));
    },
  };
}

/**
 * Keeps the runtime from reading every part ahead: Deno follows the specifiers of dynamic imports that it can read in the
 * text, and one that is called for at run time it cannot.
 */
function loadPartsLate(code: string): string {
  return code.replaceAll(/\bimport\(("\.\/[^"]+\.mjs")\)/g, "import(String($1))");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      root: { type: "string", default: PROJECT_ROOT },
      entry: { type: "string", default: "cli/main.ts" },
      out: { type: "string", default: "dist/nomos.mjs" },
    },
  });
  const stamp = await readStamp(values.root);
  const out = join(values.root, values.out);
  const files = await bundle(values.root, values.entry, { stamp, name: basename(out) });
  await Deno.mkdir(dirname(out), { recursive: true });
  await removeOldParts(out);
  let size = 0;
  for (const [name, code] of files) {
    await Deno.writeTextFile(join(dirname(out), name), code);
    size += new TextEncoder().encode(code).length;
  }
  const first = new TextEncoder().encode(files.get(basename(out)) ?? "").length;
  print(
    `${values.out}: ${kib(first)} KiB, with ${files.size - 1} parts ${kib(size)} KiB, ` +
      `${stamp.version} ${stamp.commit} ${stamp.buildDate}`,
  );
}

/** Parts of an earlier bundle, which nothing loads any more. */
async function removeOldParts(out: string): Promise<void> {
  const stem = basename(out, ".mjs");
  for await (const { name } of Deno.readDir(dirname(out))) {
    if (new RegExp(`^${stem}-[A-Z0-9]{8}\\.mjs$`).test(name)) {
      await Deno.remove(join(dirname(out), name));
    }
  }
}

function kib(bytes: number): number {
  return Math.round(bytes / 1024);
}

if (import.meta.main) {
  try {
    await main();
  } finally {
    await esbuild.stop();
  }
}
