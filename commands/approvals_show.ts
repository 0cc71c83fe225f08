import { approvalText } from "./approval_text.ts";
import {
  approvalJson,
  CONFIG_OPTION,
  FORMAT_OPTION,
  openDesk,
  unknownApproval,
} from "./approvals_desk.ts";
import { defineCommand } from "./command.ts";

/** `nomos approvals show`. */
export const approvalsShow = defineCommand({
  path: ["approvals", "show"],
  summary: "Show one approval, with all of what would be done",
  args: [{ name: "id", summary: "an approval id, apr_…", required: true }],
  options: { config: CONFIG_OPTION, format: FORMAT_OPTION },
  examples: [
    {
      line: "nomos approvals show -c nomos.json apr_0123456789abcdef01234567",
      why: "what exactly is asked for",
    },
  ],
  exitCodes: [
    { code: 0, when: "there is such an approval" },
    { code: 2, when: "the configuration or the store cannot be used, or approvals are off" },
    { code: 4, when: "there is no such approval" },
  ],
  async run(context, options, [id = ""]) {
    const desk = await openDesk(context, options.config);
    try {
      const found = await desk.approvals?.get(id);
      if (!found?.ok) throw unknownApproval(id);
      const now = context.adapters.clock.now();
      const text = options.format === "json"
        ? `${JSON.stringify(approvalJson(found.value, now))}\n`
        : approvalText(found.value, now, true);
      context.terminal.out(text);
      return 0;
    } finally {
      await desk.close();
    }
  },
});
