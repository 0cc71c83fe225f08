import { existsSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { openSqlite } from "../../cli/adapters/sqlite.ts";
import { writeSetup } from "../support/gateway.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { act, startServing } from "./support/serving.ts";
import { examine } from "./support/verify.ts";

const ROUNDS = 50;
const CLIENTS = 64;
/** Answers before the gateway is killed: another number each round, so that kills hit every moment. */
const answersBefore = (round: number) => 1 + (round * 37) % 150;
/** No round may last longer, in milliseconds. */
const ROUND_MS = 4_000;

const RULES = [
  { id: "write", action_type: "fs.write", resource: "file://workspace/out/**", decision: "ALLOW" },
];

const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

interface Answered {
  readonly resource: string;
  readonly decision: unknown;
}

it(`loses no evidence in ${ROUNDS} kills while ${CLIENTS} clients write`, async () => {
  using folder = new TempFolder(`/tmp/nomos-serve-kill-${process.pid}`);
  const config = writeSetup(folder, {
    rules: RULES,
    config: { gateway: { concurrency_limit: 1_000, rate_limit_per_minute: 100_000_000 } },
  });
  const answered: Answered[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const serving = await startServing(config);
    let running = true;
    const clients = Array.from({ length: CLIENTS }, async (_, client) => {
      for (let i = 0; running; i++) {
        const name = `r${round}-c${client}-${i}`;
        const resource = `file://workspace/out/${name}`;
        const answer = await act(serving.url, {
          action_id: name,
          action_type: "fs.write",
          resource,
          params: { content: name },
        });
        if (answer) answered.push({ resource, decision: answer.body["decision"] });
      }
    });
    const goal = answered.length + answersBefore(round);
    const end = Date.now() + ROUND_MS;
    while (answered.length < goal && Date.now() < end) await pause();
    await serving.kill();
    running = false;
    await Promise.all(clients);
  }
  // One more start, which reads the tail back, and an orderly end.
  const last = await startServing(config);
  expect(await last.stop(), last.log()).toBe(0);

  const { report } = await examine(`sqlite:${folder.at("audit.db")}`);
  expect(report).toMatchObject({ status: "intact", warnings: [] });
  const decided = await allowedResources(folder.at("audit.db"));
  const written = existsSync(folder.at("workspace/out"))
    ? readdirSync(folder.at("workspace/out"))
    : [];
  const files = written.filter((name) => !name.startsWith(".nomos"));
  expect(files.length, "the clients got something done").toBeGreaterThan(ROUNDS);
  const without = files.filter((name) => !decided.has(`file://workspace/out/${name}`));
  expect(without, "effects without a decision on record").toEqual([]);
  const lost = answered.filter(({ resource, decision }) =>
    decision === "ALLOW" && !decided.has(resource)
  );
  expect(lost, "answers without a decision on record").toEqual([]);
  const missing = answered.filter(({ resource, decision }) =>
    decision === "ALLOW" && !files.includes(resource.slice("file://workspace/out/".length))
  );
  expect(missing, "answers whose effect is gone").toEqual([]);
}, 300_000);

async function allowedResources(path: string): Promise<ReadonlySet<string>> {
  const database = await openSqlite(path, { readOnly: true });
  const rows = await database.all(
    "SELECT payload_json FROM audit_events WHERE event_type = 'action.decision' AND decision = 'ALLOW'",
  );
  await database.close();
  return new Set(
    rows.map((row) => String(JSON.parse(String(row["payload_json"])).resource_normalized)),
  );
}
