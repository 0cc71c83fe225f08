import { join } from "node:path";
import { actionDocument, signedHeaders } from "../../support/signed_request.ts";

const MAIN = join(import.meta.dirname ?? "", "../../../cli/main.ts");

/** A gateway in a process of its own. */
export interface Serving {
  readonly url: string;
  /** What it said on stderr so far. */
  log(): string;
  /** Ends it without a word; nothing happens when it has ended. */
  kill(): Promise<void>;
  /** Asks it to stop; resolves to its exit code. */
  stop(): Promise<number>;
}

/** Starts `nomos serve` on a free port. */
export async function startServing(configPath: string): Promise<Serving> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", MAIN, "serve", "-c", configPath, "--listen", "127.0.0.1:0"],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let said = "";
  let ended = false;
  const status = child.status.finally(() => ended = true);
  const url = await new Promise<string>((resolve, reject) => {
    const reading = async () => {
      for await (const part of child.stderr) {
        said += new TextDecoder().decode(part);
        const found = /listening on (http:\/\/[^\s]+)/.exec(said)?.[1];
        if (found) resolve(found);
      }
      reject(new Error(`the gateway did not start:\n${said}`));
    };
    void reading();
  });
  return {
    url,
    log: () => said,
    kill: async () => {
      if (!ended) child.kill("SIGKILL");
      await status;
    },
    stop: async () => {
      child.kill("SIGTERM");
      return (await status).code;
    },
  };
}

/** Sends one signed action; `undefined` when the gateway is gone. */
export async function act(
  url: string,
  more: Readonly<Record<string, unknown>>,
): Promise<{ status: number; body: Record<string, unknown> } | undefined> {
  const body = actionDocument(more);
  try {
    const response = await fetch(`${url}/action`, {
      method: "POST",
      body,
      headers: signedHeaders(body),
    });
    return { status: response.status, body: await response.json() };
  } catch {
    return undefined;
  }
}
