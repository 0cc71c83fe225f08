import type { Command, OptionSpec } from "./command.ts";
import { version } from "./version.ts";

/** A command of any options; `run` is only ever called with what its own options parse to. */
export type AnyCommand = Command<Readonly<Record<string, OptionSpec>>>;

/** One line of the registry: enough for the list of commands, and how to load the rest. */
export interface CommandEntry {
  /** Words behind `nomos`. */
  readonly words: string;
  readonly summary: string;
  /** Loads the command only when it is used: start-up pays for nothing else. */
  load(): Promise<AnyCommand>;
}

/** Every command, in the order help shows them. Adding one is one file and one line here. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    words: "serve",
    summary: "Serve the HTTP gateway",
    load: async () => (await import("./serve.ts")).serve,
  },
  {
    words: "doctor",
    summary: "Check that this installation is ready, and say what to do if not",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  {
    words: "explain",
    summary: "Explain what policy says to one action (same as: policy explain)",
    load: async () => (await import("./policy_explain.ts")).explain,
  },
  {
    words: "policy explain",
    summary: "Explain what policy says to one action",
    load: async () => (await import("./policy_explain.ts")).policyExplain,
  },
  {
    words: "policy test",
    summary: "Decide one action offline and print the decision",
    load: async () => (await import("./policy_test.ts")).policyTest,
  },
  {
    words: "policy hash",
    summary: "Print the hash of a bundle",
    load: async () => (await import("./policy_hash.ts")).policyHash,
  },
  {
    words: "policy keygen",
    summary: "Make a pair of keys for signing bundles",
    load: async () => (await import("./policy_keygen.ts")).policyKeygen,
  },
  {
    words: "policy sign",
    summary: "Sign a bundle with a private key",
    load: async () => (await import("./policy_sign.ts")).policySign,
  },
  {
    words: "policy verify",
    summary: "Check the signature of a bundle",
    load: async () => (await import("./policy_verify.ts")).policyVerify,
  },
  {
    words: "approvals list",
    summary: "List approvals, with what would be done",
    load: async () => (await import("./approvals_list.ts")).approvalsList,
  },
  {
    words: "approvals show",
    summary: "Show one approval, with all of what would be done",
    load: async () => (await import("./approvals_show.ts")).approvalsShow,
  },
  {
    words: "approvals approve",
    summary: "Approve what an agent asks for",
    load: async () => (await import("./approvals_approve.ts")).approvalsApprove,
  },
  {
    words: "approvals deny",
    summary: "Deny what an agent asks for",
    load: async () => (await import("./approvals_deny.ts")).approvalsDeny,
  },
  {
    words: "audit verify",
    summary: "Check that nothing in an audit chain was changed, cut or left out",
    load: async () => (await import("./audit_verify.ts")).auditVerify,
  },
  {
    words: "audit tail",
    summary: "Show the newest audit events",
    load: async () => (await import("./audit_tail.ts")).auditTail,
  },
  {
    words: "audit show",
    summary: "Show everything on record about one action or trace",
    load: async () => (await import("./audit_show.ts")).auditShow,
  },
  {
    words: "audit export",
    summary: "Write audit events as JSON lines",
    load: async () => (await import("./audit_export.ts")).auditExport,
  },
  {
    words: "config show",
    summary: "Show the effective configuration and where each value came from",
    load: async () => (await import("./config_show.ts")).configShow,
  },
  {
    words: "config check",
    summary: "Check a configuration file and report every problem",
    load: async () => (await import("./config_check.ts")).configCheck,
  },
  {
    words: "config schema",
    summary: "Print the JSON Schema of the configuration",
    load: async () => (await import("./config_schema.ts")).configSchema,
  },
  {
    words: "completions",
    summary: "Print a script that completes nomos in your shell",
    load: async () => (await import("./completions.ts")).completions,
  },
  {
    words: "version",
    summary: "Print the version",
    load: () => Promise.resolve(version),
  },
];
