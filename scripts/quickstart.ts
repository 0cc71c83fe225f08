/**
 * The main job, end to end: starts the gateway on the quickstart configuration, sends one request that is allowed and
 * one that is denied, both signed, and prints the answers and what the audit has on record of them.
 * `deno task quickstart`.
 */
import { createHmac } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const example = join(root, "examples", "quickstart");
const config = join(example, "config.json");

interface Identity {
  readonly api_keys: Readonly<Record<string, string>>;
  readonly agent_secrets: Readonly<Record<string, string>>;
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

function nomos(args: readonly string[], env: Record<string, string>): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", join(root, "cli", "main.ts"), ...args],
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** The address the gateway prints once it listens. */
async function addressOf(stderr: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const reader = stderr.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    text += value ? decoder.decode(value, { stream: true }) : "";
    const address = /listening on (http:\/\/[^\s]+)/.exec(text)?.[1];
    if (address) {
      void drain(reader);
      return address;
    }
    if (done) throw new Error(`the gateway did not start:\n${text}`);
  }
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}

async function send(address: string, name: string, identity: Identity): Promise<void> {
  const body = await Deno.readFile(join(example, "requests", `${name}.json`));
  const [apiKey] = Object.keys(identity.api_keys);
  const [[agent, secret] = ["", ""]] = Object.entries(identity.agent_secrets);
  const response = await fetch(`${address}/action`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "authorization": `Bearer ${apiKey}`,
      "x-nomos-agent-id": agent,
      "x-nomos-agent-signature": createHmac("sha256", secret).update(body).digest("hex"),
    },
    body,
  });
  say(`\n--- ${name}: HTTP ${response.status}`);
  say(JSON.stringify(await response.json(), undefined, 2));
}

async function main(): Promise<void> {
  const scratch = await Deno.makeTempDir({ prefix: "nomos-quickstart-" });
  const env = { NOMOS_AUDIT_SINK: `file:${join(scratch, "audit.jsonl")}` };
  const { identity }: { identity: Identity } = JSON.parse(await Deno.readTextFile(config));
  const gateway = nomos(["serve", "-c", config, "--listen", "127.0.0.1:0"], env).spawn();
  try {
    const drained = drain(gateway.stdout.getReader());
    const address = await addressOf(gateway.stderr);
    say(`gateway listening on ${address}`);
    await send(address, "allow-readme", identity);
    await send(address, "deny-env", identity);
    gateway.kill("SIGTERM");
    const { code } = await gateway.status;
    await drained;
    if (code !== 0) throw new Error(`the gateway ended with exit code ${code}`);
    say("\n--- on record (one line an event)");
    say((await Deno.readTextFile(join(scratch, "audit.jsonl"))).trimEnd());
    const verified = await nomos(["audit", "verify", join(scratch, "audit.jsonl")], {}).output();
    say(`\n--- nomos audit verify\n${new TextDecoder().decode(verified.stdout).trimEnd()}`);
    if (!verified.success) throw new Error(new TextDecoder().decode(verified.stderr));
  } finally {
    try {
      gateway.kill("SIGKILL");
    } catch {
      // it ended as it should have
    }
    await Deno.remove(scratch, { recursive: true });
  }
}

await main();
