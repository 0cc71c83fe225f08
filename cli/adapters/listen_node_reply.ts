import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { discard, isRead } from "./listen_node_request.ts";

/** What is left of a request when it was answered is read for this long and this far, then its sender is cut. */
const DISCARD = { maxBytes: 1_048_576, timeoutMs: 1_000 };

/** How an answer is sent. */
export interface ReplySettings {
  /** Whether the connection ends with this answer. */
  readonly last: boolean;
  /** A client that does not read its answer for this long is cut, in milliseconds. */
  readonly stallMs: number;
}

/** Sends a response of a handler over Node's. */
export async function reply(
  response: Response,
  to: ServerResponse,
  settings: ReplySettings,
): Promise<void> {
  const headers = headersOf(response);
  const unread = !isRead(to.req);
  if (settings.last || unread) headers["connection"] = "close";
  if (isStream(response)) return await sendStream(response, to, headers);
  const bytes = await bodyOf(response);
  if (to.req.method !== "HEAD") headers["content-length"] = lengthOf(bytes);
  to.writeHead(response.status, headers);
  if (!unread) {
    to.end(bytes);
    // What the system did not take at once waits for the client.
    if (to.writableLength > 0) to.setTimeout(settings.stallMs);
    return;
  }
  // Closing now would throw away bytes that are on their way to us, and with them, on some systems, our answer.
  to.write(bytes);
  await discard(to.req, DISCARD);
  to.end();
}

/** Refuses what cannot be handed to a handler. */
export function replyPlainly(to: ServerResponse, status: number): void {
  if (to.headersSent) return void to.destroy();
  to.writeHead(status, { "connection": "close", "content-length": 0 });
  to.end();
}

/** Whether a request's connection is encrypted. */
export function schemeOf({ socket }: IncomingMessage): "http" | "https" {
  return "encrypted" in socket && socket.encrypted === true ? "https" : "http";
}

function headersOf(response: Response): OutgoingHttpHeaders {
  const headers: Record<string, string | number> = {};
  for (const [name, value] of response.headers) headers[name] = value;
  return headers;
}

function isStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/** Text is taken as text: runtimes hand it over as it was given, without a stream in between. */
async function bodyOf(response: Response): Promise<string | Uint8Array> {
  const type = response.headers.get("content-type") ?? "";
  const isText = type.startsWith("application/json") || type.startsWith("text/");
  return isText ? await response.text() : new Uint8Array(await response.arrayBuffer());
}

function lengthOf(body: string | Uint8Array): number {
  return typeof body === "string" ? new TextEncoder().encode(body).length : body.length;
}

async function sendStream(
  response: Response,
  to: ServerResponse,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  to.writeHead(response.status, headers);
  to.flushHeaders();
  const reader = response.body?.getReader();
  if (reader === undefined) return void to.end();
  const closed = new Promise<"closed">((resolve) => to.once("close", () => resolve("closed")));
  for (;;) {
    const read = await Promise.race([reader.read(), closed]);
    if (read === "closed") return await reader.cancel();
    if (read.done) break;
    if (!to.write(read.value)) {
      const drained = new Promise<void>((resolve) => to.once("drain", resolve));
      await Promise.race([drained, closed]);
    }
  }
  to.end();
}
