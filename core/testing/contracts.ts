import type { Clock, Digest, Ids, Storage, Workspace } from "../ports/mod.ts";

/** One duty of a port, as a test that any implementation must pass. */
export interface ContractCase<P> {
  /** A sentence about behaviour. */
  readonly name: string;
  /** Throws when the duty is not kept. */
  run(port: P): Promise<void>;
}

/** A workspace to test: with `a.txt` holding "one\ntwo\n", and nothing else. */
export interface WorkspaceUnderTest {
  /** The implementation. */
  readonly workspace: Workspace;
}

/** A storage to test, and a path in it that nothing uses yet. */
export interface StorageUnderTest {
  /** The implementation. */
  readonly storage: Storage;
  /** A path in it that nothing uses yet. */
  readonly path: string;
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`contract broken: ${what}`);
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** What every clock does. */
export const clockContract: readonly ContractCase<Clock>[] = [{
  name: "monotonic time never goes back, and now is Unix milliseconds",
  run: (clock) => {
    let last = clock.monotonic();
    for (let i = 0; i < 1_000; i++) {
      const next = clock.monotonic();
      demand(next >= last, "monotonic went back");
      last = next;
    }
    demand(clock.now() > 1_600_000_000_000, "now is not Unix milliseconds");
    return Promise.resolve();
  },
}];

/** What every maker of ids does. */
export const idsContract: readonly ContractCase<Ids>[] = [{
  name: "ids are lower-case hex of the length asked for and do not repeat",
  run: (ids) => {
    const seen = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const id = ids.hex(12);
      demand(/^[0-9a-f]{24}$/.test(id), `"${id}" is not 24 hex digits`);
      seen.add(id);
    }
    demand(seen.size === 200, "an id came twice");
    return Promise.resolve();
  },
}];

/** What every digest does. */
export const digestContract: readonly ContractCase<Digest>[] = [{
  name: "known values come out, for text and bytes alike",
  run: (digest) => {
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    demand(digest.sha256Hex("") === empty, "SHA-256 of nothing");
    demand(digest.sha256Hex(new Uint8Array()) === empty, "SHA-256 of no bytes");
    const mac = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8";
    const fox = "The quick brown fox jumps over the lazy dog";
    demand(digest.hmacSha256Hex("key", fox) === mac, "HMAC-SHA256 of the fox");
    demand(digest.hmacSha256Hex("key", fox) === mac, "HMAC-SHA256 of the fox, again");
    return Promise.resolve();
  },
}];

/** What every storage does. */
export const storageContract: readonly ContractCase<StorageUnderTest>[] = [
  {
    name: "what is appended is read back, and truncating forgets the end",
    run: async ({ storage, path }) => {
      const file = await storage.openAppend(`${path}.log`);
      await file.append(new TextEncoder().encode("one\ntwo\n"));
      await file.sync();
      demand(await file.size() === 8, "size after append");
      demand(text(await file.readAt(4, 100)) === "two\n", "readAt behind an offset");
      await file.truncate(4);
      demand(text(await file.readAt(0, 100)) === "one\n", "content after truncate");
      await file.append(new TextEncoder().encode("three\n"));
      demand(text(await file.readAt(0, 100)) === "one\nthree\n", "append goes to the end");
      await file.close();
    },
  },
  {
    name: "a lock is held by one and free again once released",
    run: async ({ storage, path }) => {
      const lock = await storage.tryLock(`${path}.lock`);
      demand(lock !== undefined, "the first holder gets it");
      demand(await storage.tryLock(`${path}.lock`) === undefined, "a second holder does not");
      await lock?.release();
      const again = await storage.tryLock(`${path}.lock`);
      demand(again !== undefined, "free after release");
      await again?.release();
    },
  },
];

/** What every workspace does. */
export const workspaceContract: readonly ContractCase<WorkspaceUnderTest>[] = [
  {
    name: "a held file is read within its cap, and by lines",
    run: async ({ workspace }) => {
      const held = await workspace.hold("a.txt", "read");
      if (!held.ok) throw new Error("contract broken: a.txt is there");
      const whole = await held.value.read({ maxBytes: 100 });
      demand(
        whole.ok && text(whole.value.bytes) === "one\ntwo\n" && !whole.value.cut,
        "the whole file",
      );
      const cut = await held.value.read({ maxBytes: 3 });
      demand(cut.ok && text(cut.value.bytes) === "one" && cut.value.cut, "the capped file");
      const line = await held.value.read({ maxBytes: 100, offsetLine: 2, limitLines: 1 });
      demand(line.ok && text(line.value.bytes) === "two\n", "the second line");
      await held.value.release();
      await held.value.release();
    },
  },
  {
    name: "a file that is not there is not_found to readers and new to writers",
    run: async ({ workspace }) => {
      const missing = await workspace.hold("no/such.txt", "read");
      demand(!missing.ok && missing.reason.code === "not_found", "reading is not_found");
      const fresh = await workspace.hold("deep/er/new.txt", "write");
      if (!fresh.ok) throw new Error("contract broken: writers may make files");
      demand(!fresh.value.exists, "it does not exist yet");
      const written = await fresh.value.replace(new TextEncoder().encode("new"));
      demand(written.ok && written.value.bytesWritten === 3, "bytes written");
      await fresh.value.release();
      const back = await workspace.hold("deep/er/new.txt", "read");
      if (!back.ok) throw new Error("contract broken: what was written is there");
      const content = await back.value.read({ maxBytes: 10 });
      demand(content.ok && text(content.value.bytes) === "new", "what was written is read back");
      await back.value.release();
    },
  },
];
