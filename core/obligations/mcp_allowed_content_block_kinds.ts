import type { Obligation } from "./obligation.ts";
import { intersectionOf, parseStringSet } from "./values.ts";

/** Which kinds of content an upstream tool may answer with. */
export const mcpAllowedContentBlockKinds: Obligation<"mcp_allowed_content_block_kinds"> = {
  name: "mcp_allowed_content_block_kinds",
  summary:
    "Lets only these kinds of content blocks of upstream MCP servers through; without it text.",
  typeText: "list of strings (`text`, `image`, `audio`, `resource`, `resource_link`)",
  mergeText: "intersection",
  acts: "after",
  schema: { type: "array", items: { type: "string", minLength: 1 } },
  parse: parseStringSet,
  merge: intersectionOf,
  toJson: (kinds) => kinds,
};
