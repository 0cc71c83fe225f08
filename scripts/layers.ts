/**
 * Keeps the direction of imports and the neutrality of core: who may import whom, which packages core may use, and
 * that core names nothing of the runtime it runs in. `deno run -A scripts/layers.ts [--root DIR]`.
 */
import { posix } from "node:path";
import { failureAt, type Finding, runCheck } from "./lib/finding.ts";
import { type ImportSite, importsOf } from "./lib/imports.ts";
import { isPageSource } from "./lib/page_sources.ts";
import { CORE_PACKAGES, packageOf, PARSER_PACKAGES, type Room, roomOf } from "./lib/rooms.ts";
import { runtimeNames, runtimeTypes } from "./lib/runtime_names.ts";
import { readSources } from "./lib/sources.ts";
import type { SourceFile } from "./lib/syntax.ts";
import { PRODUCT } from "./lib/tree.ts";

/** The file or folder that joins adapters to the engine. */
const JOINT = /^cli\/compose(\.ts$|\/)/;
/** From here on a room of core acts; whoever knows such a room and an adapter could build a second engine. */
const ACTING_LAYER = 7;

/** Checks all product files of a tree. */
export async function checkLayers(root: string): Promise<readonly Finding[]> {
  const { files, failures } = await readSources(root, PRODUCT);
  const pages = new Set(files.filter(isPageSource).map((file) => file.path));
  return [...failures, ...files.flatMap((file) => checkFile(file, pages))];
}

function checkFile(file: SourceFile, pages: ReadonlySet<string>): Finding[] {
  const room = roomOf(file.path);
  if (room === undefined) {
    return [
      failureAt(file, file.program, "lies in no room: name its folder and layer in lib/rooms.ts"),
    ];
  }
  const imports = importsOf(file);
  const findings = imports.flatMap((site) => {
    const message = judgeImport(file.path, room, site, pages);
    return message === undefined ? [] : [failureAt(file, site.node, message)];
  });
  findings.push(...judgeJoint(file, imports));
  if (file.path.startsWith("core/") && !pages.has(file.path)) {
    findings.push(...runtimeNames(file), ...runtimeTypes(file));
  }
  return findings;
}

function judgeImport(
  from: string,
  room: Room,
  site: ImportSite,
  pages: ReadonlySet<string>,
): string | undefined {
  const { specifier } = site;
  if (specifier === undefined) {
    return "imports a module whose name is computed: nobody can check it, name it";
  }
  if (!specifier.startsWith(".")) return judgeBare(from, specifier);
  const target = posix.join(posix.dirname(from), specifier);
  if (pages.has(target) && !pages.has(from)) {
    return `imports ${target}: that is a page's source, import the text that is bundled from it`;
  }
  return judgeRelative(room, target);
}

function judgeRelative(room: Room, target: string): string | undefined {
  const says = `imports ${target}`;
  const other = roomOf(target);
  if (target.startsWith("../")) return `${says}: that is outside of the project`;
  if (other === undefined) return `${says}: that lies in no room, see lib/rooms.ts`;
  if (other.layer === undefined) return `${says}: product code must not know ${other.name}`;
  if (other.name === room.name || room.layer === undefined || other.layer < room.layer) return;
  return `${says}: ${room.name} (${room.layer}) must not know ${other.name} (${other.layer})`;
}

function judgeBare(from: string, specifier: string): string | undefined {
  const name = packageOf(specifier);
  if (/^(https?|jsr|data|file):/.test(specifier)) {
    return `imports ${specifier}: only packages named in deno.json may be imported`;
  }
  if (PARSER_PACKAGES.includes(name) && from !== "cli/parse.ts") {
    return `imports ${name}: only cli/parse.ts knows the command line library`;
  }
  if (!from.startsWith("core/") || CORE_PACKAGES.includes(name)) return;
  return `imports ${specifier}: core may use ${CORE_PACKAGES.join(", ")} only`;
}

function judgeJoint(file: SourceFile, imports: readonly ImportSite[]): Finding[] {
  if (JOINT.test(file.path)) return [];
  const rooms = imports.flatMap((site) => {
    if (!site.specifier?.startsWith(".")) return [];
    const room = roomOf(posix.join(posix.dirname(file.path), site.specifier));
    return room === undefined ? [] : [{ site, room }];
  });
  const acting = rooms.find(({ site, room }) =>
    room.layer !== undefined && room.layer >= ACTING_LAYER && room.layer <= 10 && !site.typeOnly
  );
  const adapter = rooms.find(({ site, room }) => room.name === "cli/adapters" && !site.typeOnly);
  if (acting === undefined || adapter === undefined) return [];
  return [failureAt(
    file,
    adapter.site.node,
    `imports an adapter and ${acting.room.name}: only cli/compose.ts joins the two`,
  )];
}

if (import.meta.main) await runCheck("layers", checkLayers);
