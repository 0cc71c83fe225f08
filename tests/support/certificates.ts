import { execFileSync } from "node:child_process";
import type { TempFolder } from "./temp_folder.ts";

/** A certificate and its key, as files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of a test, which certifies what it is asked to. */
export class TestAuthority {
  readonly #folder: TempFolder;
  readonly #name: string;
  readonly own: Certificate;

  constructor(folder: TempFolder, name: string) {
    this.#folder = folder;
    this.#name = name;
    this.own = { cert: folder.at(`${name}.pem`), key: folder.at(`${name}.key`) };
    openssl([
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
      ...["-keyout", this.own.key, "-out", this.own.cert, "-days", "2", "-subj", `/CN=${name}`],
    ]);
  }

  /**
   * Certifies a new key.
   *
   * @param san what the certificate is for: `IP:127.0.0.1`, `URI:spiffe://…`
   */
  issue(name: string, san: string): Certificate {
    const made = { cert: this.#folder.at(`${name}.pem`), key: this.#folder.at(`${name}.key`) };
    const request = this.#folder.at(`${name}.csr`);
    const extensions = this.#folder.write(`${name}.ext`, `subjectAltName=${san}\n`);
    openssl([
      ...["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
      ...["-keyout", made.key, "-out", request, "-subj", `/CN=${name}`],
    ]);
    openssl([
      ...["x509", "-req", "-in", request, "-CA", this.own.cert, "-CAkey", this.own.key],
      ...["-CAcreateserial", "-CAserial", this.#folder.at(`${this.#name}.srl`)],
      ...["-days", "2", "-extfile", extensions, "-out", made.cert],
    ]);
    return made;
  }
}

function openssl(args: readonly string[]): void {
  execFileSync("openssl", args, { stdio: "pipe" });
}
