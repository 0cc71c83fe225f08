export type {
  Check,
  CheckFamily,
  CheckStatus,
  Finding,
  Inspection,
  ListenTrial,
  TryListen,
} from "./check.ts";
export { CHECKS, FAMILIES } from "./registry.ts";
export { reportText, type ReportTextOptions } from "./report_text.ts";
export { type CheckResult, type DoctorReport, type DoctorRequest, runDoctor } from "./run.ts";
