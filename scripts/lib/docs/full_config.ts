import { configJsonSchema } from "../../../core/config/mod.ts";
import type { JsonObject, JsonValue } from "../../../core/encoding/mod.ts";
import { objectAt, propertiesOf, textAt, typeOf } from "./json_schema.ts";

/** What has no default and must be there. */
const CHOSEN: Readonly<Record<string, JsonValue>> = {
  "$schema": "../../docs/schemas/config.v1.json",
  "policy.policy_bundle_path": "../policies/safe.yaml",
  "identity.principal": "developer",
  "identity.agent": "demo-agent",
  "identity.environment": "dev",
  "identity.api_keys": { "demo-api-key-not-a-secret": "developer" },
  "identity.agent_secrets": { "demo-agent": "demo-agent-secret-not-a-secret" },
};

/** A configuration with every key in its place: those with a default have it, the others are comments. */
export function fullConfig(): string {
  return [
    "// Every key of a configuration, made by `deno task docs`. What stands here as a value is the default, but for the",
    "// bundle and the identity; what stands in comments has no default, or one that depends on other keys.",
    "{",
    ...members(configJsonSchema(), []),
    "}",
    "",
  ].join("\n");
}

function members(section: JsonObject, path: readonly string[]): string[] {
  const pad = "  ".repeat(path.length + 1);
  return propertiesOf(section).flatMap(([name, member]) => {
    const below = [...path, name];
    const said = wrap(textAt(member, "description"), 110 - pad.length)
      .map((line) => `${pad}// ${line}`);
    const value = CHOSEN[below.join(".")] ?? member.default;
    const own = `${pad}${JSON.stringify(name)}: `;
    if (propertiesOf(member).length > 0) {
      return ["", ...said, `${own}{`, ...members(member, below), `${pad}},`];
    }
    if (value !== undefined) return [...said, `${own}${JSON.stringify(value)},`];
    const type = typeOf(member) || typeOf(objectAt(member, "items"));
    return [...said, `${pad}// ${JSON.stringify(name)}: … (${type.replaceAll("`", "")})`];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
