/**
 * Floods a gateway with slow and idle clients while one honest client goes on signing requests. Prints one line of JSON
 * when it has seen enough. Arguments: port, seconds.
 */
import { connect, type Socket } from "node:net";
import process from "node:process";
import { actionDocument, signedHeaders } from "../../support/signed_request.ts";

/** What the flood was like, for the honest client and for the others. */
export interface FloodReport {
  readonly answered: number;
  readonly failed: readonly string[];
  readonly worstMs: number;
  readonly medianMs: number;
  /** How many of each kind were still connected in the end. */
  readonly open: { readonly headers: number; readonly bodies: number; readonly idle: number };
}

const SLOW_HEADERS = 500;
const SLOW_BODIES = 64;
const IDLE = 2_000;

const [port = "", seconds = ""] = process.argv.slice(2);
const body = actionDocument();
const headers = Object.entries(signedHeaders(body)).map(([name, value]) => `${name}: ${value}\r\n`);
const request = `POST /action HTTP/1.1\r\n${headers.join("")}content-length: ${body.length}\r\n`;

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.on("error", () => {});
      socket.resume();
      resolve(socket);
    });
  });
}

async function openMany(count: number, first: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const batch = Math.min(100, count - sockets.length);
    sockets.push(...await Promise.all(Array.from({ length: batch }, open)));
  }
  for (const socket of sockets) socket.write(first);
  return sockets;
}

/** Sends another letter every half second, as long as anybody listens. */
function trickle(sockets: readonly Socket[]): void {
  setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write("x");
  }, 500);
}

/** One signed action on a connection of its own: milliseconds, or what went wrong. */
async function ask(): Promise<number | string> {
  const began = performance.now();
  const socket = await open();
  return await new Promise((resolve) => {
    let text = "";
    const timer = setTimeout(() => resolve("no answer in 10 s"), 10_000);
    socket.on("data", (chunk: Uint8Array) => {
      text += new TextDecoder().decode(chunk);
    });
    socket.on("close", () => {
      clearTimeout(timer);
      const fine = text.includes(" 200 ") && text.includes('"decision":"ALLOW"');
      resolve(fine ? performance.now() - began : `answered ${text.slice(0, 60)}`);
    });
    socket.write(`${request}connection: close\r\n\r\n${body}`);
  });
}

function stillOpen(sockets: readonly Socket[]): number {
  return sockets.filter((socket) => !socket.destroyed).length;
}

const idle = await openMany(IDLE, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
const slowHeaders = await openMany(SLOW_HEADERS, "POST /action HTTP/1.1\r\nX-Slow: ");
const slowBodies = await openMany(SLOW_BODIES, `${request}\r\n`);
trickle([...slowHeaders, ...slowBodies]);

const times: number[] = [];
const failed: string[] = [];
const end = performance.now() + Number(seconds) * 1000;
while (performance.now() < end) {
  const answer = await ask();
  if (typeof answer === "number") times.push(answer);
  else failed.push(answer);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
times.sort((a, b) => a - b);
const report: FloodReport = {
  answered: times.length,
  failed: failed.slice(0, 5),
  worstMs: times.at(-1) ?? Infinity,
  medianMs: times[times.length >> 1] ?? Infinity,
  open: {
    headers: stillOpen(slowHeaders),
    bodies: stillOpen(slowBodies),
    idle: stillOpen(idle),
  },
};
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
