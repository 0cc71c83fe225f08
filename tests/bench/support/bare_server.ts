/**
 * The least that answers a POST: reads its body and returns a constant. Arguments: the listener, `node` or `deno`, and the
 * constant. Prints the port.
 */
import { createServer } from "node:http";

const [listener, constant = "{}"] = Deno.args;
const bytes = new TextEncoder().encode(constant);
const TYPE = "application/json; charset=utf-8";

function tell(port: number): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`listening on http://127.0.0.1:${port}\n`));
}

if (listener === "deno") {
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => tell(port),
  }, async (request) => {
    await request.arrayBuffer();
    return new Response(constant, { headers: { "content-type": TYPE } });
  });
} else {
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => {
      response.writeHead(200, { "content-type": TYPE, "content-length": bytes.length });
      response.end(bytes);
    });
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    tell(typeof address === "object" && address !== null ? address.port : 0);
  });
}
