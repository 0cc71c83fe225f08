/**
 * Loads a server: raw keep-alive connections that send one request over and over, each waiting for its answer. Prints
 * the answers a second. Arguments: port, connections, milliseconds, and the request as base64.
 */
const [port = "", connections = "", milliseconds = "", encoded = ""] = Deno.args;
const request = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
const latin1 = new TextDecoder("latin1");

const WARM_UP_MS = 250;
let answers = 0;
let counting = false;
let over = false;

/** Bytes of a whole answer, told by its header; `undefined` while the header is not complete. */
function lengthOf(buffer: Uint8Array): number | undefined {
  const head = latin1.decode(buffer);
  const end = head.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  if (!head.startsWith("HTTP/1.1 200 ")) throw new Error(`the answer is ${head.slice(0, 300)}`);
  const length = /\r\ncontent-length: ([0-9]+)\r\n/i.exec(head.slice(0, end + 2))?.[1];
  if (length === undefined) throw new Error("the answer does not say how long it is");
  return end + 4 + Number(length);
}

async function work(): Promise<void> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const buffer = new Uint8Array(16_384);
  while (!over) {
    await socket.write(request);
    let have = 0;
    let want: number | undefined;
    while (want === undefined || have < want) {
      const read = await socket.read(buffer.subarray(have));
      if (read === null) throw new Error("the server closed a connection");
      have += read;
      want ??= lengthOf(buffer.subarray(0, have));
    }
    if (counting) answers++;
  }
  socket.close();
}

const workers = Array.from({ length: Number(connections) }, work);
await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
counting = true;
const began = performance.now();
await Promise.race([
  new Promise((resolve) => setTimeout(resolve, Number(milliseconds))),
  Promise.all(workers),
]);
const seconds = (performance.now() - began) / 1000;
over = true;
await Deno.stdout.write(new TextEncoder().encode(String(answers / seconds)));
Deno.exit(0);
