import { httpHost, type RuleContext } from "./rule.ts";

/** `approvals`: one store, of a kind that the mode allows. */
export function checkApprovals(context: RuleContext): void {
  const { approvals, runtime } = context.config;
  const { store } = approvals;
  if (store !== undefined && approvals.store_path !== undefined) {
    const wish = "approvals.store or approvals.store_path, not both";
    context.report(["approvals", "store"], "store_path is set too", wish);
  }
  const isShared = store !== undefined && /^postgres(ql)?:\/\/./.test(store);
  if (store !== undefined && !isShared && !/^sqlite:./.test(store)) {
    const wish = "sqlite:<path> or postgres://…";
    context.report(["approvals", "store"], "it is no known kind of store", wish);
  }
  if (runtime.stateless_mode && approvals.enabled && !isShared) {
    const wish = "them off, or approvals.store postgres://…, with runtime.stateless_mode";
    context.report(["approvals", "enabled"], "approvals are kept on this machine", wish);
  }
  for (const [i, hook] of approvals.notify.entries()) {
    if (approvals.enabled && httpHost(hook.url) === undefined) {
      context.report(["approvals", "notify", i, "url"], "it is no absolute URL", "https://host/…");
    }
  }
}
