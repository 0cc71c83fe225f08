export { explainDecision, explanationOf } from "./explanation.ts";
export type { ExplainInput } from "./case.ts";
