import { describe, expect, it } from "vitest";
import { decideExample, listExamples } from "./support/examples.ts";

const SAFE = ["policies/safe.yaml"];
const PAYMENTS = ["policies/payments.yaml"];
const LAYERED = ["baseline", "org", "repo", "env", "local_override"].map((layer) =>
  `policies/layered/${layer}.yaml`
);
const SANDBOXED = ["policies/sandboxed-tests.yaml"];

type Row = readonly [
  action: string,
  bundles: readonly string[],
  decision: string,
  rules: readonly string[],
];

const DECISIONS: readonly Row[] = [
  ["actions/fs-read.json", SAFE, "ALLOW", ["safe-read-workspace"]],
  ["actions/fs-read.json", LAYERED, "ALLOW", ["org-read-workspace"]],
  ["actions/fs-write-git-hook.json", SAFE, "DENY", ["deny-git-folder"]],
  ["actions/fs-write-git-hook.json", LAYERED, "DENY", ["baseline-deny-git-folder"]],
  ["actions/fs-write.json", SAFE, "ALLOW", ["safe-write-workspace"]],
  ["actions/fs-write.json", LAYERED, "ALLOW", ["repo-write-sources"]],
  ["actions/net-http-metadata.json", SAFE, "DENY", []],
  ["actions/net-http-metadata.json", LAYERED, "DENY", ["baseline-deny-cloud-metadata"]],
  ["actions/net-http-request.json", SAFE, "DENY", []],
  ["actions/net-http-request.json", LAYERED, "ALLOW", ["env-dev-fetch-packages"]],
  ["actions/process-exec-git-add.json", SAFE, "REQUIRE_APPROVAL", ["safe-git-commit"]],
  ["actions/process-exec-git-config.json", SAFE, "DENY", ["deny-git-option-tricks"]],
  ["actions/process-exec-other-cwd.json", SAFE, "DENY", []],
  ["actions/process-exec.json", SAFE, "ALLOW", ["safe-git-look"]],
  [
    "actions/repo-apply-patch-env.json",
    SAFE,
    "DENY",
    ["deny-env-files", "deny-env-files-by-ending"],
  ],
  ["actions/repo-apply-patch-env.json", LAYERED, "DENY", ["baseline-deny-env-files"]],
  ["actions/repo-apply-patch.json", SAFE, "ALLOW", ["safe-patch-workspace"]],
  ["actions/repo-apply-patch.json", LAYERED, "ALLOW", ["repo-patch-sources"]],
  ["actions/secrets-checkout.json", SAFE, "DENY", []],
  ["actions/secrets-checkout.json", SANDBOXED, "DENY", []],
  ["payments/actions/refund-amount-as-text.json", PAYMENTS, "DENY", ["refund-never"]],
  ["payments/actions/refund-huge.json", PAYMENTS, "DENY", ["refund-never"]],
  ["payments/actions/refund-large.json", PAYMENTS, "REQUIRE_APPROVAL", ["refund-large"]],
  ["payments/actions/refund-other-currency.json", PAYMENTS, "DENY", []],
  ["payments/actions/refund-small.json", PAYMENTS, "ALLOW", ["refund-small"]],
  ["quickstart/actions/allow-git-status.json", SAFE, "ALLOW", ["safe-git-look"]],
  ["quickstart/actions/allow-readme.json", SAFE, "ALLOW", ["safe-read-workspace"]],
  [
    "quickstart/actions/deny-env.json",
    SAFE,
    "DENY",
    ["deny-env-files", "deny-env-files-by-ending"],
  ],
  ["quickstart/actions/deny-git-push.json", SAFE, "DENY", ["deny-git-push"]],
  ["quickstart/actions/deny-unknown-url.json", SAFE, "DENY", []],
];

describe("the actions of the examples", () => {
  it("are all decided here", () => {
    const decided = new Set(DECISIONS.map(([action]) => action));
    expect([...decided].sort()).toEqual(listExamples(".", /(?:^|\/)actions\/[^/]+\.json$/));
  });

  it.each(DECISIONS)("%s by %s: %s", async (action, bundles, decision, rules) => {
    expect(await decideExample(action, bundles)).toEqual({ decision, rules });
  });
});
