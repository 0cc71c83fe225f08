import { fail, ok, type Result } from "../encoding/mod.ts";
import { type Refusal, refuse } from "../model/mod.ts";

/** How much of a body is read, and for how long. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** Milliseconds until a slow sender is cut. */
  readonly timeoutMs: number;
}

/** Reading a body may take this long, in milliseconds. */
export const BODY_TIMEOUT_MS = 5_000;

/**
 * Reads a request body: refused by its announced length before a byte is read, by count while reading, and by time
 * when it comes too slowly.
 *
 * @returns `body_too_large`, or `validation_error` for a body that broke off or came too slowly
 */
export async function readBody(
  request: Request,
  limits: BodyLimits,
): Promise<Result<Uint8Array<ArrayBuffer>, Refusal>> {
  const announced = request.headers.get("content-length");
  const length = announced === null ? undefined : Number(announced);
  if (length !== undefined && length > limits.maxBytes) return fail(tooLarge(limits));
  if (request.body === null) return ok(new Uint8Array(0));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), limits.timeoutMs);
  });
  try {
    const whole = length === undefined
      ? readCounted(request.body, limits)
      : request.arrayBuffer().then((buffer) => ok(new Uint8Array(buffer)));
    const first = await Promise.race([whole, late]);
    if (first !== "late") {
      return first.ok && first.value.length > limits.maxBytes ? fail(tooLarge(limits)) : first;
    }
    void whole.catch(() => undefined);
    return fail(
      refuse(
        "validation_error",
        `Cannot read the body: it took longer than ${limits.timeoutMs} ms`,
      ),
    );
  } catch {
    return fail(refuse("validation_error", "Cannot read the body: the connection broke off"));
  } finally {
    clearTimeout(timer);
  }
}

async function readCounted(
  body: ReadableStream<Uint8Array>,
  limits: BodyLimits,
): Promise<Result<Uint8Array<ArrayBuffer>, Refusal>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
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
