import { describe, expect, it } from "vitest";
import { chooseListener, listen, type ListenChoice } from "../../../../cli/adapters/listen.ts";

const TLS = { certFile: "c", keyFile: "k", requireClientCertificate: false };

interface Case extends ListenChoice {
  readonly hasDeno?: boolean;
  readonly chosen: "node" | "deno";
}

const CASES: readonly Case[] = [
  { address: "127.0.0.1:8080", kind: "auto", chosen: "deno" },
  { address: "127.8.9.1:8080", kind: "auto", chosen: "deno" },
  { address: "localhost:8080", kind: "auto", chosen: "deno" },
  { address: "LOCALHOST:8080", kind: "auto", chosen: "deno" },
  { address: "[::1]:8080", kind: "auto", chosen: "deno" },
  { address: "127.0.0.1:8080", kind: "auto", hasDeno: false, chosen: "node" },
  { address: "127.0.0.1:8080", kind: "auto", tls: TLS, chosen: "node" },
  { address: ":8080", kind: "auto", chosen: "node" },
  { address: "0.0.0.0:8080", kind: "auto", chosen: "node" },
  { address: "[::]:8080", kind: "auto", chosen: "node" },
  { address: "10.0.0.1:8080", kind: "auto", chosen: "node" },
  { address: "gateway.example.com:8080", kind: "auto", chosen: "node" },
  { address: "localhost.example.com:8080", kind: "auto", chosen: "node" },
  { address: "127.0.0.1.example.com:8080", kind: "auto", chosen: "node" },
  { address: "127.0.0.1:8080", kind: "node", chosen: "node" },
  { address: ":8080", kind: "deno", chosen: "deno" },
];

describe("the choice of a listener", () => {
  it.each(CASES)(
    "$kind on $address, TLS $tls.certFile, Deno $hasDeno: $chosen",
    ({ hasDeno = true, chosen, ...choice }) => {
      expect(chooseListener(choice, hasDeno)).toBe(chosen);
    },
  );

  it("does not quietly serve by another one than was asked for", () => {
    const choice = { address: "127.0.0.1:8080", kind: "deno" as const };
    expect(() => chooseListener({ ...choice, tls: TLS }, true)).toThrow(/client certificates/);
    expect(() => chooseListener(choice, false)).toThrow(/does not have it/);
  });
});

describe("an address", () => {
  const handler = () => new Response("here");

  it.each(["127.0.0.1:0", "[::1]:0", "localhost:0"])("is bound as it says: %s", async (address) => {
    for (const kind of ["node", "auto"] as const) {
      const listener = await listen({ address, kind, maxBodyBytes: 1, handler });
      expect(listener.port).toBeGreaterThan(0);
      expect(["127.0.0.1", "::1", "localhost"]).toContain(listener.host);
      await listener.close(0);
    }
  });

  it.each(["", "8080", "localhost", "localhost:99999", "a:b:c", "http://localhost:80"])(
    "is refused when it is none: %s",
    async (address) => {
      const options = { address, kind: "auto" as const, maxBodyBytes: 1, handler };
      await expect(listen(options)).rejects.toThrow(/^Cannot listen on "/);
    },
  );
});
