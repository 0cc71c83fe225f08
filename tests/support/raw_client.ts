import { connect, type Socket } from "node:net";

/** What came back on a connection. */
export interface RawAnswer {
  readonly text: string;
  /** Whether the other side closed it. */
  readonly closed: boolean;
  /** Milliseconds from connecting to the close, or to giving up. */
  readonly ms: number;
}

/** One connection that sends exactly what it is told to. */
export class RawClient implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #began = performance.now();
  #text = "";
  #closedMs: number | undefined;
  #listeners: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Uint8Array) => {
      // One character a byte; the platform's own "latin1" is another encoding.
      this.#text += Array.from(chunk, (byte) => String.fromCharCode(byte)).join("");
      this.#wake();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#closedMs ??= performance.now() - this.#began;
      this.#wake();
    });
  }

  /** Connects to loopback. */
  static open(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new RawClient(socket));
      });
    });
  }

  get text(): string {
    return this.#text;
  }

  get closed(): boolean {
    return this.#closedMs !== undefined;
  }

  /** Sends text, one byte a character. */
  send(text: string): void {
    if (!this.closed) this.#socket.write(text, "latin1");
  }

  /** Sends text piece by piece, until it is sent or the other side closes. */
  async trickle(pieces: readonly string[], everyMs: number): Promise<void> {
    for (const piece of pieces) {
      if (this.closed) return;
      this.send(piece);
      await pause(everyMs);
    }
  }

  /** Waits until the other side closes, at most so many milliseconds. */
  async ended(withinMs: number): Promise<RawAnswer> {
    await this.until(() => this.closed, withinMs);
    const ms = this.#closedMs ?? performance.now() - this.#began;
    return { text: this.#text, closed: this.closed, ms };
  }

  /** Waits until something has become true, at most so many milliseconds. */
  async until(holds: () => boolean, withinMs: number): Promise<boolean> {
    const end = performance.now() + withinMs;
    while (!holds()) {
      const left = end - performance.now();
      if (left <= 0) return false;
      await Promise.race([
        pause(Math.min(left, 100)),
        new Promise<void>((resolve) => this.#listeners.push(resolve)),
      ]);
    }
    return true;
  }

  /** Stops reading what comes. */
  deaf(): void {
    this.#socket.pause();
  }

  /** Reads again. */
  listen(): void {
    this.#socket.resume();
  }

  /** Goes away without a word. */
  cut(): void {
    this.#socket.resetAndDestroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    return Promise.resolve();
  }

  #wake(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}

/** Sends one text on a connection of its own and reads until the other side closes. */
export async function exchange(port: number, text: string, withinMs = 3_000): Promise<RawAnswer> {
  await using client = await RawClient.open(port);
  client.send(text);
  return await client.ended(withinMs);
}

/** A request as it goes over the wire. */
export function wireRequest(
  head: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [head, ...lines, "", body].join("\r\n");
}

/** Lets time pass. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
