export type { ActsWhen, JudgeContext, Obligation, ObligationPlace } from "./obligation.ts";
export { OBLIGATIONS, type RegisteredObligation } from "./registry.ts";
export { judgeObligations, mergeTerms, NO_TERMS, parseTerms, termsToJson } from "./terms.ts";
export { matchesArgv } from "./argv_pattern.ts";
export { formatHostRule, hostAdmitted, type HostTarget, parseHostRule } from "./host_rule.ts";
export { hostsOf } from "./net_allowlist.ts";
export { effectiveSandbox } from "./sandbox_mode.ts";
export { reasonText } from "./reason.ts";
export { listWords, parseStrings, parseTokenLists, show } from "./values.ts";
