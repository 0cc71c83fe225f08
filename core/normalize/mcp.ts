import { characterFlaws, fail, isDots, ok, type Result, TRAVERSAL } from "../encoding/mod.ts";
import type { Flaws, HostAndPath, RawResource } from "./parts.ts";
import { escapeFlaws, NOT_UTF8 } from "./path.ts";

const SERVER = /^[A-Za-z0-9_-]+$/;

/**
 * `mcp`: a configured server and a name it gave to something, both kept exactly: what policy saw is what
 * the server is asked for.
 *
 * - a tool, and what sampling or elicitation is called: `/<name>`, one segment
 * - a prompt: `/prompt/<name>`, the name one segment
 * - a resource: `/resource/<uri>`; the URI has to be in its one spelling, because the server will decode it
 */
export function normalizeMcp(
  raw: RawResource,
  actionType: string,
): Result<HostAndPath, Flaws> {
  const flaws: string[] = [];
  if (!SERVER.test(raw.authority)) {
    flaws.push("the host is not the name of a server, expected letters, digits, _ and -");
  }
  if (raw.rest !== raw.rest.normalize("NFC")) {
    flaws.push("the path is not in Unicode's composed form (NFC), expected it so");
  }
  const places = PLACES.get(actionType) ?? ["/"];
  const place = places.find((start) => raw.rest.startsWith(start));
  if (place === undefined) {
    flaws.push(`the path does not begin with ${places.join(" or ")}`);
  } else {
    const name = raw.rest.slice(place.length);
    flaws.push(...place === RESOURCE ? uriFlaws(name) : nameFlaws(name));
  }
  return flaws.length > 0 ? fail(flaws) : ok({ host: raw.authority, path: raw.rest });
}

const RESOURCE = "/resource/";
const PROMPT = "/prompt/";
const PLACES: ReadonlyMap<string, readonly string[]> = new Map([
  ["mcp.resource_read", [RESOURCE]],
  ["mcp.prompt_get", [PROMPT]],
  ["mcp.completion", [RESOURCE, PROMPT]],
]);

function nameFlaws(name: string): string[] {
  if (name === "") return ["the name is empty, expected exactly one segment"];
  if (name.includes("/")) return ["the name has several segments, expected exactly one"];
  return isDots(name) ? [TRAVERSAL] : [];
}

// Letters, digits and -._~ mean the same encoded or not: only one of the two may pass.
const NEEDLESS = /%(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i;

function uriFlaws(uri: string): string[] {
  if (uri === "") return ["the resource's URI is empty, expected one"];
  const flaws = escapeFlaws(uri);
  if (NEEDLESS.test(uri)) {
    flaws.push("the URI encodes a letter, digit or one of - . _ ~, expected it unencoded");
  }
  if (uri.split("/").some(isDots)) flaws.push(TRAVERSAL);
  if (flaws.length > 0) return flaws;
  try {
    return characterFlaws(decodeURIComponent(uri));
  } catch {
    return [NOT_UTF8];
  }
}
