import { refuse } from "../model/mod.ts";
import { refused } from "./answer.ts";
import { Deadlines } from "./deadlines.ts";
import { BODY_TIMEOUT_MS, readBody } from "./read_body.ts";

const JSON_TYPE = /^application\/json[ \t]*(?:;|$)/i;
const BODY_DEADLINES = new Deadlines(BODY_TIMEOUT_MS);
/** After these answers the connection is of no use: who knows what else of the body is still to come. */
const CLOSE = { connection: "close" };

/** What reading a body depends on. */
export interface BodyReading {
  readonly maxBodyBytes: number;
  /** Aborted once shutdown began. */
  readonly stopping: AbortSignal;
}

/** Reads a JSON body within its limits and works with it, or refuses. */
export async function withBody(
  request: Request,
  reading: BodyReading,
  work: (bytes: Uint8Array) => Promise<Response>,
): Promise<Response> {
  if (reading.stopping.aborted) return shuttingDown();
  const type = request.headers.get("content-type");
  if (type === null || !JSON_TYPE.test(type)) {
    return refused(
      refuse(
        "unsupported_media_type",
        "Cannot read the body: expected Content-Type application/json",
      ),
      CLOSE,
    );
  }
  const body = await readBody(request, {
    maxBytes: reading.maxBodyBytes,
    deadlines: BODY_DEADLINES,
  });
  return body.ok ? await work(body.value) : refused(body.reason, CLOSE);
}

/** Nothing new is taken any more. */
export function shuttingDown(): Response {
  return refused(refuse("shutting_down", "Nomos is shutting down; try another replica"), CLOSE);
}
