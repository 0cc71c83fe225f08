import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actionDocument } from "../support/signed_request.ts";
import { Installation, outcomeOf, wordsOf } from "./installation.ts";
import { type OfflineDoor, openOffline } from "./offline.ts";
import { KINDS, type RowOf, ROWS, rowsOf, SOURCE } from "./rows.ts";

const PAGE = new URL("../../docs/bypass-suite.md", import.meta.url);

describe("the vectors", () => {
  it("are at least 150 attempts of every kind, each with an id of its own", () => {
    expect(ROWS.length).toBeGreaterThanOrEqual(150);
    expect(new Set(ROWS.map((row) => row.kind))).toEqual(new Set(KINDS));
    expect(new Set(ROWS.map((row) => row.id)).size).toBe(ROWS.length);
  });

  it("say where each attempt is public", () => {
    const unknown = ROWS.filter((row) => !row.source.split("; ").every((one) => SOURCE.test(one)));
    expect(unknown.map(({ id, source }) => [id, source])).toEqual([]);
  });

  it("are counted in the documentation", () => {
    const page = readFileSync(PAGE, "utf8");
    const told = [...page.matchAll(/^\| `([a-z]+)` +\| (\d+) +\|/gm)].map((row) => row.slice(1));
    expect(told).toEqual(KINDS.map((kind) => [kind, String(rowsOf(kind).length)]));
    expect(page).toContain(`${ROWS.length} attempts`);
  });
});

/** The bytes of a document: `{hex:…}` stands for bytes that no text has. */
function bytesOf(body: string): Uint8Array<ArrayBuffer> {
  const pieces = body.split(/\{hex:([0-9a-f]+)\}/).map((piece, i) =>
    Buffer.from(piece, i % 2 === 1 ? "hex" : "utf8")
  );
  return new Uint8Array(Buffer.concat(pieces));
}

/** The bytes of an action. */
function documentOf({ id, request }: RowOf<"decide">): Uint8Array<ArrayBuffer> {
  // Built as text, since a member "__proto__" would get lost in an object.
  return bytesOf(actionDocument({ ...request, action_id: id, trace_id: id }));
}

/** What a message must not hold: it could forge a line of a log, or hide a part of it. */
const UNSEEN = /[\p{Cc}\p{Cf}]/u;

describe("what policy alone decides", () => {
  let installation: Installation;
  let offline: OfflineDoor;
  let files: unknown;

  beforeAll(async () => {
    installation = await Installation.open();
    offline = await openOffline(installation.gateway.folder.at("nomos.json"));
    files = installation.files();
  });

  afterAll(() => installation[Symbol.asyncDispose]());

  async function expectRefusal(
    body: Uint8Array<ArrayBuffer>,
    row: { expect: string; rule?: string | undefined },
  ): Promise<void> {
    const explained = await installation.gateway.post("/explain", body);
    expect(outcomeOf(explained), "explained by the gateway").toBe(row.expect);
    const answer = offline.decide(body);
    expect(answer.outcome, "explained offline").toBe(row.expect);
    const ran = await installation.gateway.post("/action", body);
    expect(outcomeOf(ran), "run").toBe(row.expect);
    expect(wordsOf(ran.body), "what is told").not.toMatch(UNSEEN);
    if (row.rule === undefined) return;
    expect(answer.rules).toContain(row.rule);
    expect(explained.body.matched_rule_ids).toEqual(answer.rules);
  }

  it.each(rowsOf("decide").filter((row) => !row.case_insensitive))(
    "$id: $why",
    (row) => expectRefusal(documentOf(row), row),
  );

  it.each(rowsOf("document"))("$id: $why", (row) => expectRefusal(bytesOf(row.body), row));

  it("has left no trace in the world", () => {
    expect(installation.files()).toEqual(files);
    expect(installation.ran).toEqual([]);
    expect(installation.sent).toEqual([]);
  });
});

describe("what policy decides in a workspace whose names have no case", () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.open({ caseInsensitive: true });
  });

  afterAll(() => installation[Symbol.asyncDispose]());

  it.each(rowsOf("decide").filter((row) => row.case_insensitive))("$id: $why", async (row) => {
    const body = documentOf(row);
    const explained = await installation.gateway.post("/explain", body);
    expect(outcomeOf(explained)).toBe(row.expect);
    expect(outcomeOf(await installation.gateway.post("/action", body))).toBe(row.expect);
    if (row.rule !== undefined) expect(explained.body.matched_rule_ids).toContain(row.rule);
  });
});
