import { type ActionType, actionTypes, customActionType } from "../../../core/actions/mod.ts";
import { isRequired, propertiesOf, textAt, typeOf } from "./json_schema.ts";
import { code, codes, heading, paragraphs, table } from "./markdown.ts";

/** What is checked when an action is performed, by the names that explanations use. */
const RUNTIME_CHECKS: Readonly<Record<string, string>> = {
  symlink_target:
    "what a symlink leads to is judged like the written path; the stricter decision holds",
  file_kind: "only regular files are opened, and none that Nomos itself uses",
  space: "the disk has room",
  patch_context: "the patch fits the files as they are",
  working_folder: "the folder exists and lies in the workspace",
  program: "the program is found on the configured path, outside of the workspace",
  lease: "the secret is there, and the lease is this identity's and trace's and not over",
  exit_code: "how the program ends",
  resolved_addresses: "no address of the host is private, unless the operator lists it",
  redirect_hops: "every hop is decided by policy as a request of its own",
  response: "the server answers in time",
};

/** The reference of action types. */
export function actionsReference(): string {
  const custom = customActionType("payments.refund");
  return paragraphs([
    heading("Action types", "core/actions"),
    "Every request names one action type. The built-in types are executed by Nomos; any other dotted " +
    "name, such as `payments.refund`, is authorized here and executed by the caller.",
    table(
      ["type", "resource", "risk flags", "MCP tool", "what it does"],
      actionTypes.map((type) => [
        `[${code(type.name)}](#${type.name.replaceAll(/[._]/g, (c) => c === "." ? "" : c)})`,
        codes(type.schemes.map((scheme) => `${scheme}://…`)),
        codes(type.risk),
        code(type.tool?.name ?? ""),
        type.summary,
      ]),
    ),
    ...actionTypes.flatMap(section),
    "## Custom types",
    `A name of dotted lower-case words that is not built in. ${
      custom?.summary ?? ""
    } Its resource has ` +
    "any scheme that no built-in type owns (`payment://shop.example.com/orders/ORD-1`), its `params` have " +
    "any members, and rules match them with `params_match`.",
  ]);
}

function section(type: ActionType): string[] {
  const members = propertiesOf(type.paramsSchema);
  const either = "oneOf" in type.paramsSchema
    ? "Either `path` and `content`, or `patch` alone."
    : "";
  return [
    `## ${type.name}`,
    type.summary,
    members.length === 0 ? "It takes no params." : table(
      ["param", "type", "", "meaning"],
      members.map(([name, schema]) => [
        code(name),
        typeOf(schema),
        isRequired(type.paramsSchema, name) ? "required" : "",
        textAt(schema, "description"),
      ]),
    ),
    either,
    type.tool
      ? `As an MCP tool: ${code(type.tool.name)} (also ${
        code(type.tool.alias)
      }). ${type.tool.description}`
      : "",
    type.runtimeChecks.length === 0 ? "" : "Only found out when it is performed:\n\n" +
      type.runtimeChecks.map((name) => `- ${code(name)}: ${meaningOf(name)}`).join("\n"),
  ];
}

function meaningOf(check: string): string {
  const meaning = RUNTIME_CHECKS[check];
  if (meaning === undefined) {
    throw new Error(
      `Cannot describe runtime check "${check}": scripts/lib/docs/actions.ts lacks it`,
    );
  }
  return meaning;
}
