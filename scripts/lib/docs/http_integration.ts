import { join } from "node:path";
import { PROJECT_ROOT } from "../finding.ts";
import { httpErrors } from "./reasons.ts";

const PAGE = "docs/http-integration-kit.md";
const BEGIN = "<!-- errors: begin -->";
const END = "<!-- errors: end -->";

/** The page about signing requests, which is written by hand, with its table of errors made from the code. */
export async function httpIntegrationKit(): Promise<string> {
  const page = await Deno.readTextFile(join(PROJECT_ROOT, PAGE));
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has no place for its table of errors`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${httpErrors()}\n\n${page.slice(end)}`;
}
