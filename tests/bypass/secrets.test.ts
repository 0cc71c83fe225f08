import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { actionDocument, hmacHex, SIGNER } from "../support/signed_request.ts";
import type { Answer } from "../support/gateway.ts";
import { Installation, LEASED, outcomeOf, wordsOf } from "./installation.ts";
import { rowsOf } from "./rows.ts";

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.open();
});

afterAll(() => installation[Symbol.asyncDispose]());

function send(id: string, type: string, resource: string, params: unknown): Promise<Answer> {
  return installation.gateway.post(
    "/action",
    actionDocument({ action_id: id, trace_id: "trace", action_type: type, resource, params }),
  );
}

describe("the environment of a process", () => {
  const rows = rowsOf("env").map((row, i) => ({ ...row, value: `planted-number-${i}-here` }));

  it.each(rows)("$id: $why", async ({ id, variable, value }) => {
    vi.stubEnv(variable, value);
    vi.stubEnv("LANG", "allowed-value");
    const answer = await send(id, "process.exec", "file://workspace/", {
      argv: ["/usr/bin/env"],
      env_allowlist_keys: [variable, "LANG"],
    });
    expect(outcomeOf(answer)).toBe("ALLOW allow_by_rule");
    expect(answer.body.stdout).toContain("LANG=allowed-value\n");
    expect(answer.text).not.toContain(value);
    expect(answer.body.stdout).not.toContain(`${variable}=`);
    expect(installation.audit()).not.toContain(value);
  });
});

const MARGIN = "prefix:";

/** What stands for what in the texts of attempts. */
function filled(text: string): string {
  const inside = Buffer.from(`${MARGIN}${LEASED}:suffix`).toString("base64");
  const length = Buffer.from(LEASED).length;
  const pieces: Readonly<Record<string, string>> = {
    "{leased}": LEASED,
    "{leased:base64}": Buffer.from(LEASED).toString("base64"),
    "{leased:base64url}": Buffer.from(LEASED).toString("base64url"),
    "{leased:inside-base64}": inside,
    // What of it does not depend on what stands around the secret.
    "{leased:inside-base64-middle}": inside.slice(
      Math.ceil(MARGIN.length * 8 / 6),
      Math.floor((MARGIN.length + length) * 8 / 6),
    ),
    "{leased:hex}": Buffer.from(LEASED).toString("hex"),
    "{leased:HEX}": Buffer.from(LEASED).toString("hex").toUpperCase(),
    "{leased:url}": encodeURIComponent(LEASED),
    "{leased:json}": JSON.stringify(LEASED),
    "{leased:jsonjson}": JSON.stringify(JSON.stringify(LEASED)),
    "{agent_secret}": SIGNER.agentSecret,
    "{api_key}": SIGNER.apiKey,
  };
  return text
    .replace(/\{fill:(\d+)\}/g, (_, count: string) => "x".repeat(Number(count)))
    .replace(/\{lines:(\d+)\}/g, (_, count: string) => "line\n".repeat(Number(count)).trimEnd())
    .replace(
      /\{key:(\d+)\}/g,
      (_, count: string) => KEY_LINE.repeat(Number(count) / KEY_LINE.length),
    )
    .replace(/\{(leased|agent|api)[^}]*\}/g, (name) => pieces[name] ?? name);
}

const KEY_LINE = "S3EzdlR6ODFtV3hSN3lQZExi\n";

/** Pieces of a secret this long may not be seen. */
const PIECE = 8;

function piecesOf(secret: string): string[] {
  return Array.from({ length: secret.length - PIECE + 1 }, (_, i) => secret.slice(i, i + PIECE));
}

let lease = "";

beforeAll(async () => {
  const checkout = await send("checkout", "secrets.checkout", "secret://vault/public", {
    secret_id: "public",
  });
  lease = checkout.body.credential_lease_id;
});

describe("a lease", () => {
  it.each(rowsOf("lease"))("is of no use to anybody else: $id, $why", async (row) => {
    const body = actionDocument({
      action_id: row.id,
      trace_id: row.trace_id ?? "trace",
      action_type: "process.exec",
      resource: "file://workspace/",
      params: {
        argv: ["/usr/bin/env"],
        credential_lease_ids: [
          row.names.replace("{lease}", lease).replace("{LEASE}", lease.toUpperCase()),
        ],
        env_allowlist_keys: ["PUBLIC_TOKEN"],
      },
    });
    const [agent, secret] = row.agent ?? [SIGNER.agent, SIGNER.agentSecret];
    installation.ran.length = 0;
    const answer = await installation.gateway.post("/action", body, {
      "authorization": `Bearer ${row.api_key ?? SIGNER.apiKey}`,
      "x-nomos-agent-id": agent,
      "x-nomos-agent-signature": hmacHex(secret, body),
    });
    expect(outcomeOf(answer)).toBe(row.expect);
    expect(installation.ran).toEqual([]);
  });

  it("reaches the process it was checked out for, and is not seen", async () => {
    installation.ran.length = 0;
    const answer = await send("own", "process.exec", "file://workspace/", {
      argv: ["/usr/bin/env"],
      credential_lease_ids: [lease],
      env_allowlist_keys: ["PUBLIC_TOKEN"],
    });
    expect(installation.ran.map((request) => request.env)).toEqual([{ PUBLIC_TOKEN: LEASED }]);
    expect(answer.body.stdout).toContain("PUBLIC_TOKEN=[REDACTED]");
  });
});

describe("a secret", () => {
  it.each(rowsOf("redaction"))("is not seen: $id, $why", async (row) => {
    const planted = piecesOf(filled(row.planted));
    const text = row.parts.map(filled).join("");
    expect(text).toContain(planted[0]);
    installation.gateway.folder.write("text.txt", text);
    const recorded = installation.audit().length;
    const read = await send(row.id, "fs.read", "file://workspace/text.txt", row.lines ?? {});
    const ran = await send(row.id, "process.exec", "file://workspace/", {
      argv: ["/bin/cat", "text.txt"],
      credential_lease_ids: [lease],
      env_allowlist_keys: ["PUBLIC_TOKEN"],
    });
    expect([outcomeOf(read), outcomeOf(ran)]).toEqual(Array(2).fill("ALLOW allow_by_rule"));
    expect(read.body.output, "there is something to see").toContain("[REDACTED]");
    const audit = installation.audit().slice(recorded);
    const shown = [read.text, ran.text, wordsOf(read.body), wordsOf(ran.body), audit];
    const seen = planted.filter((piece) => shown.some((one) => one.includes(piece)));
    expect(seen).toEqual([]);
  });
});
