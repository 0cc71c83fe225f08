import { configJsonSchema, environmentKeys, OTHER_VARIABLES } from "../../../core/config/mod.ts";
import { unbuiltPointers } from "../../../core/config/unbuilt.ts";
import type { JsonObject } from "../../../core/encoding/mod.ts";
import {
  alternativesOf,
  defaultOf,
  isRequired,
  objectAt,
  propertiesOf,
  textAt,
  typeOf,
} from "./json_schema.ts";
import { code, heading, paragraphs, table } from "./markdown.ts";

/** Variables that do not set one key. */
const SAYS: Readonly<Record<keyof typeof OTHER_VARIABLES, string>> = {
  config: "Path of the configuration, where no `-c` is given.",
  policyBundle: "Path of a bundle that replaces all bundles of the configuration.",
  logLevel: "Level of the log.",
  apiKey: "Adds an API key for `identity.principal`.",
  agentSecret: "Sets the secret of `identity.agent`.",
  execId: "Not to be set: it marks the processes that Nomos starts.",
};

/** The reference of configuration keys. */
export function configurationReference(): string {
  const schema = configJsonSchema();
  const variables = new Map(environmentKeys().map(({ path, name }) => [path.join("."), name]));
  const others = Object.entries(OTHER_VARIABLES) as [keyof typeof SAYS, string][]; // forgotten names
  return paragraphs([
    heading("Configuration keys", "core/config/schema"),
    "Every key of a configuration file. [Configuration](../configuration.md) says how the file is found and " +
    "read; [its JSON Schema](../schemas/config.v1.json) lets editors complete it; " +
    "[`examples/configs/full.jsonc`](../../examples/configs/full.jsonc) has every key in its place.",
    "A secret may be written as `env:NAME` or `file:/path`. Paths are taken from the configuration file's folder.",
    "## Variables",
    "Keys have their variables in the tables below: booleans are `true` or `false`, lists are separated by commas. " +
    "Besides them:",
    table(["variable", "meaning"], others.map(([name, variable]) => [code(variable), SAYS[name]])),
    "## Not in this version",
    "These keys are read and checked, so that existing files load. A configuration that asks for what they stand for is " +
    "noted by `nomos config check` and refused by `nomos serve`.",
    table(
      ["key", "stands for"],
      [...unbuiltPointers()].map(([pointer, feature]) => [
        code(pointer.slice(1).replaceAll("/", ".")),
        feature,
      ]),
    ),
    ...propertiesOf(schema).filter(([name]) => name !== "$schema").flatMap(([name, section]) => [
      `## ${name}`,
      textAt(section, "description"),
      table(
        ["key", "type", "default", "variable", "meaning"],
        rowsOf(section, [name]).map(({ key, member, required }) => [
          code(key),
          typeOf(member),
          required ? "required" : defaultOf(member.default),
          code(variables.get(key) ?? ""),
          textAt(member, "description"),
        ]),
      ),
    ]),
  ]);
}

interface KeyRow {
  readonly key: string;
  readonly member: JsonObject;
  readonly required: boolean;
}

/** The keys below a section; those of list items as `secrets[].id`. */
function rowsOf(section: JsonObject, path: readonly string[]): KeyRow[] {
  return propertiesOf(section).flatMap(([name, member]): KeyRow[] => {
    const below = [...path, name];
    if (propertiesOf(member).length > 0) return rowsOf(member, below);
    const row = { key: below.join("."), member, required: isRequired(section, name) };
    const item = alternativesOf(objectAt(member, "items")).find((one) =>
      propertiesOf(one).length > 0
    );
    return item === undefined ? [row] : [row, ...rowsOf(item, [...path, `${name}[]`])];
  });
}
