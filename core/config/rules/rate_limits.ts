import { compileGlob } from "../../encoding/mod.ts";
import type { Path } from "../tree.ts";
import { need, type RuleContext, unique } from "./rule.ts";

const REQUIRED = {
  principal_action: "action_type",
  principal_resource: "resource",
  global_tool: "action_type",
} as const;

const LISTS = ["principal_action", "principal_resource", "global_tool"] as const;

const ACTION_TYPE = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/;

/** `rate_limits`: rules that can count, under names of their own. */
export function checkRateLimits(context: RuleContext): void {
  const limits = context.config.rate_limits;
  const ids: { path: Path; name: string }[] = [];
  for (const list of LISTS) {
    for (const [i, rule] of limits[list].entries()) {
      const at = ["rate_limits", list, i];
      ids.push({ path: [...at, "id"], name: rule.id });
      need(context, rule, { at, keys: [REQUIRED[list]], why: `${list} counts by it` });
      const type = rule.action_type;
      if (type !== undefined && type !== "*" && !ACTION_TYPE.test(type)) {
        context.report([...at, "action_type"], "it is no action type", "such as fs.write, or *");
      }
      const glob = rule.resource === undefined ? undefined : compileGlob(rule.resource);
      if (glob?.ok === false) context.report([...at, "resource"], glob.reason, "a resource glob");
    }
  }
  unique(context, ids);
  if (limits.store !== "memory" && !/^rediss?:\/\/./.test(limits.store)) {
    context.report(["rate_limits", "store"], "it is no known kind of store", "memory or redis://…");
  }
}
