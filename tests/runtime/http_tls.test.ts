import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { connect, type ConnectionOptions, type PeerCertificate, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { listen } from "../../cli/adapters/listen.ts";
import type { Listener, ListenOptions, RequestInfo } from "../../commands/command.ts";
import { type Certificate, TestAuthority } from "../support/certificates.ts";
import { writeSetup } from "../support/gateway.ts";
import { NomosProcess } from "../support/nomos_process.ts";
import { exchange } from "../support/raw_client.ts";
import { actionDocument, signedHeaders } from "../support/signed_request.ts";
import { TempFolder } from "../support/temp_folder.ts";

let folder: TempFolder;
let authority: TestAuthority;
let stranger: TestAuthority;
let server: Certificate;
let client: Certificate;
let strange: Certificate;

beforeAll(() => {
  folder = new TempFolder();
  authority = new TestAuthority(folder, "authority");
  stranger = new TestAuthority(folder, "stranger");
  server = authority.issue("server", "IP:127.0.0.1");
  client = authority.issue("client", "URI:spiffe://example.org/agent");
  strange = stranger.issue("strange", "URI:spiffe://example.org/agent");
});

afterAll(() => {
  folder[Symbol.dispose]();
});

/** What a handler learned of the certificates of its clients. */
interface Door {
  readonly listener: Listener;
  readonly seen: (Uint8Array | undefined)[];
}

async function open(tls: Partial<NonNullable<ListenOptions["tls"]>> = {}): Promise<Door> {
  const seen: (Uint8Array | undefined)[] = [];
  const listener = await listen({
    address: "127.0.0.1:0",
    kind: "auto",
    maxBodyBytes: 1_000,
    tls: { certFile: server.cert, keyFile: server.key, requireClientCertificate: false, ...tls },
    handler: (_request: Request, info: RequestInfo) => {
      seen.push(info.clientCertificate);
      return new Response("over TLS", { headers: { "content-type": "text/plain" } });
    },
  });
  return { listener, seen };
}

/** What is sent, and with which certificate. */
type Sent = ConnectionOptions & Pick<RequestOptions, "method" | "path" | "headers"> & {
  readonly body?: string;
};

/** The body of an answer, or what kept it from coming. */
function get(port: number, { body, ...more }: Sent = {}): Promise<string> {
  return new Promise((resolve) => {
    const sent = httpsRequest({
      host: "127.0.0.1",
      port,
      path: "/",
      agent: false,
      ca: readFileSync(authority.own.cert),
      ...more,
    }, (response) => {
      let text = "";
      response.on("data", (chunk: Uint8Array) => text += new TextDecoder().decode(chunk));
      response.on("end", () => resolve(text));
      response.on("error", (error: Error) => resolve(`failed: ${error.message}`));
    });
    sent.on("error", (error: Error) => resolve(`failed: ${error.message}`));
    sent.end(body);
  });
}

function handshake(port: number, more: ConnectionOptions): Promise<TLSSocket | undefined> {
  return new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, ca: readFileSync(authority.own.cert), ...more };
    const socket = connect(options, () => resolve(socket));
    socket.on("error", () => resolve(undefined));
  });
}

function pem(certificate: Certificate): { cert: string; key: string } {
  return {
    cert: readFileSync(certificate.cert, "utf8"),
    key: readFileSync(certificate.key, "utf8"),
  };
}

describe.concurrent("TLS", () => {
  it("is served by node's listener whatever the address", async () => {
    const { listener } = await open();
    expect(listener.kind).toBe("node");
    expect(await get(listener.port)).toBe("over TLS");
    await listener.close(0);
  });

  it("is 1.2 or newer", async () => {
    const { listener } = await open();
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const socket = await handshake(listener.port, { minVersion: version, maxVersion: version });
      expect(socket?.getProtocol()).toBe(version);
      socket?.destroy();
    }
    await listener.close(0);
  });

  it("is not spoken with who knows 1.1 only, nor with who speaks plain HTTP", async () => {
    const { listener } = await open();
    // The hello of a TLS 1.1 client: record 3.1, hello 3.2, one cipher suite, no extensions.
    const hello = [0x01, 0, 0, 0x29, 0x03, 0x02, ...Array(32).fill(7), 0, 0, 2, 0xc0, 0x13, 1, 0];
    const record = [0x16, 0x03, 0x01, 0, hello.length, ...hello];
    const old = await exchange(listener.port, String.fromCharCode(...record), 3_000);
    expect(old.closed).toBe(true);
    // An alert at most; never the answer to a hello.
    expect(old.text === "" || old.text.charCodeAt(0) === 0x15).toBe(true);
    const plain = await exchange(listener.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 3_000);
    expect(plain.text).not.toContain("200 OK");
    await listener.close(0);
  });

  it.each([
    { name: "nothing", hello: "" },
    { name: "half of a hello", hello: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" },
  ])("is cut with who says $name", async ({ hello }) => {
    const { listener } = await open();
    const { closed, ms } = await exchange(listener.port, hello, 9_000);
    await listener.close(0);
    expect(closed).toBe(true);
    expect(ms).toBeLessThan(7_000);
  });

  it("is cut with who has shaken hands and says nothing more", async () => {
    const { listener } = await open();
    const socket = await handshake(listener.port, {});
    const began = performance.now();
    await new Promise<void>((resolve) => {
      socket?.resume();
      socket?.once("close", resolve);
    });
    await listener.close(0);
    expect(performance.now() - began).toBeLessThan(7_000);
  });

  it.each([
    { name: "a certificate that is none", tls: { certFile: "notes.txt" }, says: "certificate" },
    { name: "a key that is none", tls: { keyFile: "notes.txt" }, says: "private key" },
    { name: "a key of another certificate", tls: { keyFile: "client.key" }, says: "another" },
    { name: "a file that is not there", tls: { certFile: "nowhere.pem" }, says: "read" },
    { name: "an authority that is none", tls: { clientCaFile: "notes.txt" }, says: "certificate" },
  ])("does not start with $name, and says so", async ({ tls, says }) => {
    folder.write("notes.txt", "not a certificate\n");
    const [[key, file] = ["", ""]] = Object.entries(tls);
    const opening = open({ [key]: folder.at(file) });
    await expect(opening).rejects.toThrow(
      new RegExp(`^Cannot use ".*${file}" for TLS: .*${says}.*, expected `),
    );
  });
});

describe.concurrent("client certificates", () => {
  it("that are required keep out who has none, and who has a stranger's", async () => {
    const { listener, seen } = await open({
      clientCaFile: authority.own.cert,
      requireClientCertificate: true,
    });
    expect(await get(listener.port)).toMatch(/^failed: /);
    expect(await get(listener.port, pem(strange))).toMatch(/^failed: /);
    expect(seen).toEqual([]);
    expect(await get(listener.port, pem(client))).toBe("over TLS");
    expect(seen).toHaveLength(1);
    await listener.close(0);
  });

  it("are handed on as they were signed", async () => {
    const { listener, seen } = await open({ clientCaFile: authority.own.cert });
    await get(listener.port, pem(client));
    const text = readFileSync(client.cert, "utf8").replace(/-----[A-Z ]+-----|\n/g, "");
    expect(Array.from(seen[0] ?? [])).toEqual(Array.from(atob(text), (c) => c.charCodeAt(0)));
    await listener.close(0);
  });

  it("that are not required may be missing; a stranger's counts as none", async () => {
    const { listener, seen } = await open({ clientCaFile: authority.own.cert });
    expect(await get(listener.port)).toBe("over TLS");
    expect(await get(listener.port, pem(strange))).toBe("over TLS");
    expect(seen).toEqual([undefined, undefined]);
    await listener.close(0);
  });

  it("are not asked for without an authority", async () => {
    const { listener, seen } = await open();
    expect(await get(listener.port, pem(client))).toBe("over TLS");
    expect(seen).toEqual([undefined]);
    await listener.close(0);
  });
});

describe.concurrent("certificate files that change", () => {
  async function peerName(port: number): Promise<string | undefined> {
    const socket = await handshake(port, { rejectUnauthorized: false });
    const peer: PeerCertificate | undefined = socket?.getPeerCertificate();
    socket?.destroy();
    const name = peer?.subject.CN;
    return Array.isArray(name) ? name[0] : name;
  }

  it("are served without a restart; half of a pair leaves the old one in place", async () => {
    const certFile = folder.at("live.pem");
    const keyFile = folder.at("live.key");
    copyFileSync(server.cert, certFile);
    copyFileSync(server.key, keyFile);
    const { listener } = await open({ certFile, keyFile });
    expect(await peerName(listener.port)).toBe("server");
    const kept = await handshake(listener.port, {});

    const renewed = authority.issue("renewed", "IP:127.0.0.1");
    copyFileSync(renewed.cert, certFile);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await peerName(listener.port)).toBe("server");
    copyFileSync(renewed.key, keyFile);
    await vi.waitFor(async () => expect(await peerName(listener.port)).toBe("renewed"), {
      timeout: 6_000,
      interval: 200,
    });

    writeFileSync(certFile, "");
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await peerName(listener.port)).toBe("renewed");
    expect(kept?.destroyed).toBe(false);
    kept?.destroy();
    await listener.close(0);
  });
});

describe.concurrent("nomos serve with mutual TLS", () => {
  it("needs a certificate besides all other credentials", async () => {
    using workspace = new TempFolder();
    const config = writeSetup(workspace, {
      config: {
        gateway: {
          tls: {
            enabled: true,
            cert_file: server.cert,
            key_file: server.key,
            client_ca_file: authority.own.cert,
            require_mtls: true,
          },
        },
      },
    });
    await using nomos = await NomosProcess.serve(config);
    expect(nomos.url).toMatch(/^https:\/\/127\.0\.0\.1:/);
    const body = actionDocument();
    const action = { method: "POST", path: "/action", body };
    const signed = { ...action, headers: signedHeaders(body, { host: undefined }) };
    expect(await get(nomos.port, signed)).toMatch(/^failed: (?!Hostname)/);
    expect(await get(nomos.port, { ...signed, ...pem(strange) })).toMatch(/^failed: (?!Hostname)/);
    expect(await get(nomos.port, { ...signed, ...pem(client) })).toContain('"decision":"ALLOW"');
    const unsigned = { ...action, headers: { "content-type": "application/json" } };
    expect(await get(nomos.port, { ...unsigned, ...pem(client) })).toContain("auth_error");
  });

  it("does not start with a pair that does not fit, and says so", async () => {
    using workspace = new TempFolder();
    const tls = { enabled: true, cert_file: server.cert, key_file: client.key };
    const config = writeSetup(workspace, { config: { gateway: { tls } } });
    await expect(NomosProcess.serve(config)).rejects.toThrow(
      `Cannot use "${client.key}" for TLS: it is another certificate's key`,
    );
  });
});
