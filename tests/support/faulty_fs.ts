import fs from "node:fs";

/** The calls that change a file system. */
const MUTATORS = [
  "openSync",
  "writeSync",
  "fchmodSync",
  "renameSync",
  "linkSync",
  "unlinkSync",
  "mkdirSync",
  "rmdirSync",
  "fsync",
] as const;

/**
 * Lets calls that change the file system fail from a certain one on: only that one (`once`), or all that follow, as
 * after a sudden death. Opening for reading is left alone.
 */
export class FaultyFs {
  /** Calls seen so far. */
  calls = 0;
  readonly #originals = MUTATORS.map((name) => [name, fs[name]] as const);

  /**
   * @param failAt the first call that fails, from 1
   * @param options.code what the system reports; `EIO` unless told
   * @param options.noLinks no file may have a second name
   */
  constructor(failAt: number, options: { once: boolean; code?: string; noLinks?: boolean }) {
    const { once, code = "EIO", noLinks = false } = options;
    for (const [name, original] of this.#originals) {
      const wrapped = (...args: unknown[]): unknown => {
        const reads = name === "openSync" && !(Number(args[1]) & fs.constants.O_CREAT);
        if (reads) return Reflect.apply(original, fs, args);
        const call = ++this.calls;
        const fails = once ? call === failAt : call >= failAt;
        if (!fails && noLinks && name === "linkSync") throw fault("EPERM", name);
        if (!fails) return Reflect.apply(original, fs, args);
        const error = fault(code, name);
        if (name !== "fsync") throw error;
        const callback = args.at(-1);
        if (typeof callback === "function") callback(error);
        return undefined;
      };
      Reflect.set(fs, name, wrapped);
    }
  }

  [Symbol.dispose](): void {
    for (const [name, original] of this.#originals) Reflect.set(fs, name, original);
  }
}

function fault(code: string, name: string): Error {
  return Object.assign(new Error(`${code}: injected into ${name}`), { code });
}
