import { URL_SAFE } from "../charset.ts";
import { type Pattern, type Scan, WINDOW } from "../scan.ts";

const DOT = 46;

/** A JSON Web Token: three parts (five when it is encrypted, of which the second may be empty). */
export const jwt: Pattern = {
  id: "jwt",
  description: "A JSON Web Token, signed (eyJ….….…) or encrypted",
  anchors: [{ character: "J", before: "y", beforeThat: "e" }],
  match: matchJwt,
};

function matchJwt(scan: Scan, at: number): boolean {
  const { text } = scan;
  const start = at - 2;
  // INVARIANT: linear. All `eyJ` of one part share their fate, so a part is read once as the first,
  // once as the second and once as the third.
  if (start < scan.dottedUntil || !text.startsWith("eyJ", start)) return true;
  let part = at + 1;
  let first = part;
  for (let n = 0; n < 3; n++) {
    const end = scan.runEnd(part, URL_SAFE);
    if (end - start >= WINDOW || (n === 2 && end > part)) break;
    if (end === text.length) {
      if (!scan.final) return false;
      if (!scan.openEnd || end === at + 1) return true;
      break;
    }
    if (n === 0) first = end;
    // Only the second part may be empty: the key of an encrypted token when it was agreed on directly.
    if (n === 2 || (n === 0 && end === part) || text.charCodeAt(end) !== DOT) {
      scan.dottedUntil = first;
      return true;
    }
    part = end + 1;
  }
  scan.coverRun(start, part, URL_SAFE, { dotted: true });
  return true;
}
