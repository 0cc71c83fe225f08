import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

// Tests wait for the disk very often; in memory that takes no time.
const BASE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A folder of its own, gone again after `using`. */
export class TempFolder {
  readonly path: string;

  /** @param path where it is to be; somewhere temporary, in memory where the system has that, unless told */
  constructor(path?: string) {
    if (path !== undefined) mkdirSync(path, { recursive: true });
    this.path = path ?? mkdtempSync(join(BASE, "nomos-test-"));
  }

  at(path: string): string {
    return join(this.path, path);
  }

  write(path: string, content: string | Uint8Array, mode = 0o644): string {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), content);
    chmodSync(this.at(path), mode);
    return this.at(path);
  }

  read(path: string): string {
    return readFileSync(this.at(path), "utf8");
  }

  /** Every file below, by path; `*` behind the path of an executable one. Contents are Latin-1 text. */
  tree(below = ""): Record<string, string> {
    const files: Record<string, string> = {};
    for (const name of readdirSync(this.at(below)).sort()) {
      const path = below === "" ? name : `${below}/${name}`;
      const stats = lstatSync(this.at(path));
      if (stats.isDirectory()) Object.assign(files, this.tree(path));
      else {
        const mark = stats.isFile() && (stats.mode & 0o100) !== 0 ? "*" : "";
        files[path + mark] = stats.isFile() ? readFileSync(this.at(path), "latin1") : "(special)";
      }
    }
    return files;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
