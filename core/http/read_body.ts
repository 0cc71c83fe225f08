import { fail, ok, type Result } from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";
import type { Deadlines } from "./deadlines.ts";

/** How much of a body is read, and for how long. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** When a slow sender is cut. */
  readonly deadlines: Deadlines;
}

/** Reading a body may take this long, in milliseconds. */
export const BODY_TIMEOUT_MS = 5_000;

type Read = Result<Uint8Array, Refusal>;

const WHOLE_NUMBER = /^[0-9]{1,15}$/;

/**
 * Reads a request body: refused by its announced length before a byte is read, by count while reading, and by time
 * when it comes too slowly.
 *
 * @returns `body_too_large`, or `validation_error` for a body that broke off or came too slowly
 */
export function readBody(request: Request, limits: BodyLimits): Promise<Read> {
  const announced = request.headers.get("content-length");
  const length = announced !== null && WHOLE_NUMBER.test(announced) ? Number(announced) : undefined;
  if (length === 0) return Promise.resolve(ok(new Uint8Array(0)));
  if (length !== undefined && length > limits.maxBytes) {
    return Promise.resolve(fail(tooLarge(limits)));
  }
  const whole = length === undefined
    ? readCounted(request, limits)
    : readAnnounced(request, limits);
  return new Promise((resolve) => {
    const settled = limits.deadlines.watch(() => resolve(fail(tooSlow(limits))));
    whole.then((read) => {
      settled();
      resolve(read);
    }, () => {
      settled();
      resolve(fail(brokenOff()));
    });
  });
}

/** The transport holds a body to the length it announced; whoever calls without one may still have lied. */
async function readAnnounced(request: Request, limits: BodyLimits): Promise<Read> {
  const buffer = await request.arrayBuffer();
  return buffer.byteLength > limits.maxBytes ? fail(tooLarge(limits)) : ok(new Uint8Array(buffer));
}

async function readCounted(request: Request, limits: BodyLimits): Promise<Read> {
  if (request.body === null) return ok(new Uint8Array(0));
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limits.maxBytes) {
      void reader.cancel().catch(() => undefined);
      return fail(tooLarge(limits));
    }
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return ok(whole);
}

function tooLarge(limits: BodyLimits): Refusal {
  return refuse(
    "body_too_large",
    `Cannot take the body: it is larger than ${limits.maxBytes} bytes`,
  );
}

function tooSlow(limits: BodyLimits): Refusal {
  return refuse(
    "validation_error",
    `Cannot read the body: it took longer than ${limits.deadlines.timeoutMs} ms`,
  );
}

function brokenOff(): Refusal {
  return refuse("validation_error", "Cannot read the body: the connection broke off");
}
