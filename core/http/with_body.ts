import type { Arrival } from "../engine/mod.ts";
import { refuse } from "../model/mod.ts";
import { refused } from "./answer.ts";
import type { HttpOptions } from "./app.ts";
import { arrivalOf, type Connection } from "./arrive.ts";
import { BODY_TIMEOUT_MS, readBody } from "./read_body.ts";

const JSON_TYPE = /^application\/json\s*(;|$)/i;

/** Reads a JSON body within its limits and hands it on as an arrival, or refuses. */
export async function withBody(
  request: Request,
  connection: Connection,
  options: HttpOptions,
  work: (arrival: Arrival) => Promise<Response>,
): Promise<Response> {
  return await withRawBody(
    request,
    options,
    (bytes) => work(arrivalOf(request, bytes, connection)),
  );
}

/** Reads a JSON body within its limits, or refuses; for routes that authenticate in their own way. */
export async function withRawBody(
  request: Request,
  options: Pick<HttpOptions, "maxBodyBytes">,
  work: (bytes: Uint8Array) => Promise<Response>,
): Promise<Response> {
  const type = request.headers.get("content-type");
  if (type === null || !JSON_TYPE.test(type)) {
    return refused(
      refuse(
        "unsupported_media_type",
        "Cannot read the body: expected Content-Type application/json",
      ),
    );
  }
  const body = await readBody(request, {
    maxBytes: options.maxBodyBytes,
    timeoutMs: BODY_TIMEOUT_MS,
  });
  if (!body.ok) return refused(body.reason, { connection: "close" });
  return await work(body.value);
}
