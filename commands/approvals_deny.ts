import { decide, DECIDE_EXIT_CODES, DECIDE_OPTIONS } from "./approvals_decide.ts";
import { CONFIG_OPTION, FORMAT_OPTION } from "./approvals_desk.ts";
import { defineCommand } from "./command.ts";

/** `nomos approvals deny`. */
export const approvalsDeny = defineCommand({
  path: ["approvals", "deny"],
  summary: "Deny what an agent asks for",
  description:
    "Records the decision in the store that the configuration names, whether or not a gateway is running, and an\n" +
    "approval.decided event in the audit.",
  args: [{ name: "id", summary: "an approval id, apr_…", required: true }],
  options: { config: CONFIG_OPTION, ...DECIDE_OPTIONS, format: FORMAT_OPTION },
  examples: [
    {
      line: "nomos approvals deny -c nomos.json apr_0123456789abcdef01234567",
      why: "decide as the user who is logged in",
    },
    {
      line:
        'nomos approvals deny -c nomos.json apr_0123456789abcdef01234567 --as alice --comment "ticket 42"',
      why: "decide as a principal, with a reason",
    },
  ],
  exitCodes: DECIDE_EXIT_CODES,
  async run(context, options, [id = ""]) {
    return await decide(context, options, { id, vote: "DENY" });
  },
});
