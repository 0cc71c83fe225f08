export { fail, ok, type Result } from "./result.ts";
export { echo, formatProblem, MAX_ECHO, type Position, type Problem } from "./problem.ts";
