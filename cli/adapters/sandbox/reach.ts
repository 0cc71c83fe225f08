import { builtin } from "../builtin.ts";

/** Addresses that answer from anywhere the internet can be reached from. */
const PUBLIC = [
  { host: "1.1.1.1", port: 443 },
  { host: "8.8.8.8", port: 443 },
  { host: "2606:4700:4700::1111", port: 443 },
];
const PATIENCE_MS = 1_000;

/** Whether a connection to a public address can be opened. Nothing is sent over it. */
export async function reachesInternet(): Promise<boolean> {
  const reached = await Promise.all(PUBLIC.map(opens));
  return reached.includes(true);
}

function opens(address: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = builtin("node:net").connect({ ...address, timeout: PATIENCE_MS });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
