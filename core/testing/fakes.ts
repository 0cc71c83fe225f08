import { ok } from "../encoding/mod.ts";
import type {
  HttpClient,
  Ids,
  ProcessEnd,
  ProcessRequest,
  ProcessRunner,
  Resolver,
  WireRequest,
  WireResponse,
} from "../ports/mod.ts";

/** Ids that count: the first is all zeros but a one at its end. */
export function countingIds(): Ids {
  let last = 0;
  return { hex: (bytes) => (++last).toString(16).padStart(2 * bytes, "0") };
}

/** Answers every name with the same addresses, and remembers who was asked for. */
export class FakeResolver implements Resolver {
  /** Addresses by name; others get `fallback`. */
  readonly addresses = new Map<string, readonly string[]>();
  /** Names that were looked up. */
  readonly asked: string[] = [];
  /** Addresses of names that have no entry. */
  fallback: readonly string[] = ["93.184.216.34"];

  /** An address resolves to itself. */
  resolve(host: string): Promise<readonly string[]> {
    this.asked.push(host);
    const isAddress = /^[0-9.]+$/.test(host) || host.includes(":");
    return Promise.resolve(this.addresses.get(host) ?? (isAddress ? [host] : this.fallback));
  }
}

/** Sends nothing: answers from a list, then with an empty 200, and remembers what was sent. */
export class FakeHttpClient implements HttpClient {
  /** Requests, in order. */
  readonly sent: WireRequest[] = [];
  /** Answers to give, in order. */
  readonly answers: WireResponse[] = [];

  /** The next answer. */
  send(request: WireRequest): ReturnType<HttpClient["send"]> {
    this.sent.push(request);
    const empty: WireResponse = { status: 200, headers: [], body: new Uint8Array(), cut: false };
    return Promise.resolve(ok(this.answers.shift() ?? empty));
  }
}

/** Runs nothing: answers from a list, then with exit code 0, and remembers what would have run. */
export class FakeProcesses implements ProcessRunner {
  /** Requests, in order. */
  readonly ran: ProcessRequest[] = [];
  /** Ends to give, in order. */
  readonly ends: ProcessEnd[] = [];

  /** The next end. */
  run(request: ProcessRequest): ReturnType<ProcessRunner["run"]> {
    this.ran.push(request);
    const silent: ProcessEnd = {
      stdout: new Uint8Array(),
      stderr: new Uint8Array(),
      stdoutCut: false,
      stderrCut: false,
      exitCode: 0,
      ended: "exit",
      confinement: "none",
    };
    return Promise.resolve(ok(this.ends.shift() ?? silent));
  }
}
