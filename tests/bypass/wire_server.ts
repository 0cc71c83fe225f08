import { createServer, type Server, type Socket } from "node:net";

/** A request as it came over the wire. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/**
 * A server on loopback that notes every connection and request, and answers with whatever bytes the test wants: what
 * no proper server would send, too.
 */
export class WireServer implements AsyncDisposable {
  readonly requests: SeenRequest[] = [];
  /** Connections, those without a request included. */
  connections = 0;
  readonly #server: Server;

  private constructor(answer: (request: SeenRequest) => string) {
    this.#server = createServer((socket) => {
      this.connections++;
      socket.on("error", () => {});
      this.#serve(socket, answer);
    });
  }

  /** @param answer gives the whole response to a request */
  static async open(answer: (request: SeenRequest) => string): Promise<WireServer> {
    const server = new WireServer(answer);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  /** `127.0.0.1:<port>`. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  forget(): void {
    this.requests.length = 0;
    this.connections = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket, answer: (request: SeenRequest) => string): void {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const request = readRequest(text);
      if (request === undefined) return;
      this.requests.push(request);
      socket.end(answer(request), "latin1");
    });
  }
}

function readRequest(text: string): SeenRequest | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [line = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Map(lines.map((one) => {
    const colon = one.indexOf(":");
    return [one.slice(0, colon).toLowerCase(), one.slice(colon + 1).trim()] as const;
  }));
  const body = text.slice(end + 4);
  if (body.length < Number(headers.get("content-length") ?? 0)) return undefined;
  const [method = "", target = ""] = line.split(" ");
  return { method, target, headers, body };
}
