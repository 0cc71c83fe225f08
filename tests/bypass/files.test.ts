import { execFileSync } from "node:child_process";
import { linkSync, rmSync, symlinkSync } from "node:fs";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Installation, outcomeOf, PLANTED } from "./installation.ts";
import { type OfflineDoor, openOffline } from "./offline.ts";
import { POLICY_CODES, type RowOf, rowsOf } from "./rows.ts";
import { actionDocument } from "../support/signed_request.ts";

let installation: Installation;
let offline: OfflineDoor;

beforeAll(async () => {
  installation = await Installation.open();
  offline = await openOffline(installation.gateway.folder.at("nomos.json"));
});

afterAll(() => installation[Symbol.asyncDispose]());

function filled(text: string): string {
  return text.replaceAll("{outside}", installation.outside.path)
    .replaceAll("{beside}", basename(installation.outside.path))
    .replaceAll("{here}", basename(installation.gateway.folder.path));
}

/** Makes the names of an attempt. */
function make(links: Readonly<Record<string, string>>): Disposable {
  const { folder } = installation.gateway;
  for (const [name, target] of Object.entries(links)) {
    if (target === "fifo:") execFileSync("mkfifo", [folder.at(name)]);
    else if (target.startsWith("hard:")) linkSync(folder.at(target.slice(5)), folder.at(name));
    else symlinkSync(filled(target), folder.at(name));
  }
  return {
    [Symbol.dispose]: () => {
      for (const name of Object.keys(links)) rmSync(folder.at(name), { force: true });
    },
  };
}

/** Sends an attempt; nothing may change, nothing may be shown, nothing may be started. */
async function attempt(body: string, expected: string): Promise<void> {
  const before = installation.files();
  const answer = await installation.gateway.post("/action", body);
  expect(outcomeOf(answer)).toBe(expected);
  for (const secret of PLANTED) expect(answer.text).not.toContain(secret);
  expect(installation.files()).toEqual(before);
  expect(installation.ran).toEqual([]);
}

function documentOf(row: RowOf<"workspace">): string {
  const path = filled(row.path);
  const ids = { action_id: row.id, trace_id: row.id };
  if (row.cwd) {
    return actionDocument({
      ...ids,
      action_type: "process.exec",
      resource: "file://workspace/",
      params: { argv: ["/usr/bin/env"], cwd: path },
    });
  }
  return actionDocument({
    ...ids,
    action_type: row.content === undefined ? "fs.read" : "fs.write",
    resource: `file://workspace/${path}`,
    params: row.content === undefined ? {} : { content: row.content },
  });
}

describe("the workspace", () => {
  it.each(rowsOf("workspace"))("holds against $id: $why", async (row) => {
    using _names = make(row.links);
    await attempt(documentOf(row), row.expect);
  });
});

describe("a patch", () => {
  it.each(rowsOf("patch"))("does not get through as $id: $why", async (row) => {
    using _names = make(row.links);
    const body = actionDocument({
      action_id: row.id,
      trace_id: row.id,
      action_type: "repo.apply_patch",
      resource: "repo://acme/app",
      params: { patch: row.patch },
    });
    await attempt(body, row.expect);
    if (row.in_world || !isPolicyCode(row.expect)) return;
    const { outcome, rules } = offline.decide(new TextEncoder().encode(body));
    expect(outcome, "explained offline").toBe(row.expect);
    if (row.rule !== undefined) expect(rules).toContain(row.rule);
  });
});

function isPolicyCode(code: string): boolean {
  return POLICY_CODES.some((one) => one === code);
}
