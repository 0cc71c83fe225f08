import { approvalsPath, type Config } from "../../config/mod.ts";
import { type Check, failure, type Inspection, pass, warn } from "../check.ts";
import { fileFlaw } from "../disk.ts";

/** Whether pending approvals can be kept. */
export const approvalsStoreWritable: Check = {
  id: "approvals.store_writable",
  async run({ config, adapters }) {
    if (!config.approvals.enabled) return pass("nothing to keep: approvals are off");
    const path = approvalsPath(config);
    if (path === undefined) return pass("approvals are kept in a shared database");
    const flaw = await fileFlaw(adapters, path);
    if (flaw === undefined) return pass(`approvals can be kept in ${path}`);
    return failure(flaw, "make the folder and give this user the right to write");
  },
};

/** Whether there is anybody who can approve. */
export const someoneCanDecide: Check = {
  id: "approvals.someone_can_decide",
  run(inspection) {
    const { config } = inspection;
    const asking = rulesThatAsk(inspection);
    if (!config.approvals.enabled) {
      return asking === 0 ? pass("nothing to decide: approvals are off") : warn(
        `${asking} of the policy's rules want approval, and approvals are off`,
        "set approvals.enabled, or write the rules as ALLOW or DENY",
      );
    }
    const ways = waysToDecide(config);
    if (ways.length > 0) return pass(`decided by ${ways.join(", ")}`);
    const hint = "add principals to approvals.approver_principals, or set approvals.webhook_token";
    return approvalsPath(config) === undefined
      ? failure("nobody can decide", hint)
      : warn("only the command line on this machine can decide (nomos approvals)", hint);
  },
};

function rulesThatAsk({ policy }: Inspection): number {
  if (!policy.ok) return 0;
  return policy.value.rules.filter(({ decision }) => decision === "REQUIRE_APPROVAL").length;
}

function waysToDecide({ approvals, identity }: Config): string[] {
  const { approver_principals: approvers, webhook_token: token } = approvals;
  const ways = token === undefined ? [] : ["the webhook"];
  // Who asked may not decide; where only one principal can ask, another must decide.
  const askers = [...Object.values(identity.api_keys), ...Object.keys(identity.service_secrets)];
  const isOpenToOthers = identity.oidc.enabled || identity.spiffe.enabled ||
    new Set(askers).size !== 1;
  const able = approvals.allow_self_approval || isOpenToOthers
    ? approvers
    : approvers.filter((principal) => !askers.includes(principal));
  return able.length === 0 ? ways : [...ways, ...able];
}
