import type { IncomingMessage } from "node:http";

/** A request whose head cannot be understood in one way only. */
export class BadHead extends Error {}

/** Node's request, with the members that handlers of requests read and none of the cost of the others. */
class NodeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly #incoming: IncomingMessage;
  #body: ReadableStream<Uint8Array> | null | undefined;

  constructor(incoming: IncomingMessage, scheme: "http" | "https") {
    this.method = incoming.method ?? "GET";
    this.headers = headersOf(incoming);
    this.url = `${scheme}://${this.headers.get("host") ?? "localhost"}${targetOf(incoming)}`;
    this.#incoming = incoming;
  }

  get body(): ReadableStream<Uint8Array> | null {
    this.#body ??= hasBody(this.headers) ? streamOf(this.#incoming) : null;
    return this.#body;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return hasBody(this.headers) ? await readWhole(this.#incoming) : new ArrayBuffer(0);
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

/**
 * The request as handlers know requests. Building a real one costs as much as reading it from the socket.
 *
 * @throws {BadHead} when target or headers can be read in more than one way
 */
export function requestOf(incoming: IncomingMessage, scheme: "http" | "https"): Request {
  // It has the members that are documented for handlers; a runtime's own would be made of the same parts.
  return new NodeRequest(incoming, scheme) as unknown as Request;
}

/** Whether the whole request was read, body and all. */
export function isRead(incoming: IncomingMessage): boolean {
  return incoming.complete && incoming.readableLength === 0;
}

/** Reads and forgets what is left of a request, so that its sender gets to read the answer. */
export function discard(
  incoming: IncomingMessage,
  limits: { readonly maxBytes: number; readonly timeoutMs: number },
): Promise<void> {
  return new Promise((resolve) => {
    let left = limits.maxBytes;
    const timer = setTimeout(resolve, limits.timeoutMs);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    incoming.on("data", (chunk: Uint8Array) => {
      left -= chunk.length;
      if (left < 0) done();
    });
    incoming.once("end", done).once("error", done).once("close", done);
    incoming.resume();
  });
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  let hosts = 0;
  try {
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const name = rawHeaders[i] ?? "";
      if (name.length === 4 && name.toLowerCase() === "host") hosts++;
      headers.append(name, rawHeaders[i + 1] ?? "");
    }
  } catch {
    throw new BadHead("a header is malformed");
  }
  if (hosts > 1) throw new BadHead("there are several Host headers");
  return headers;
}

/** Path and query; of a target in absolute form, what follows the authority. */
function targetOf({ url = "/" }: IncomingMessage): string {
  if (url.startsWith("/")) return url;
  if (url === "*") return "/*";
  const rest = /^https?:\/\/[^/?#]+(.*)$/i.exec(url)?.[1];
  if (rest === undefined) throw new BadHead("the target is not a path");
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function hasBody(headers: Headers): boolean {
  const length = headers.get("content-length");
  return length === null ? headers.has("transfer-encoding") : length !== "0";
}

function streamOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let open = true;
  const ended = (end: () => void) => () => {
    if (open) end();
    open = false;
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      incoming.on("data", (chunk: Uint8Array) => {
        if (open) controller.enqueue(chunk);
        incoming.pause();
      });
      incoming.pause();
      const broken = ended(() => controller.error(new Error("the connection broke off")));
      incoming.once("end", ended(() => controller.close()));
      incoming.once("error", broken).once("close", broken);
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      open = false;
    },
  });
}

function readWhole(incoming: IncomingMessage): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    incoming.on("data", (chunk: Uint8Array) => {
      chunks.push(chunk);
    });
    incoming.once("end", () => resolve(joined(chunks)));
    incoming.once("error", reject);
    incoming.once("close", () => reject(new Error("the connection broke off")));
  });
}

function joined(chunks: readonly Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole.buffer;
}
