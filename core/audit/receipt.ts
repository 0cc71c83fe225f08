/**
 * Proof that an audit record was taken by every sink. Only the recorder makes one (this class is exported from the
 * room as a type only), and it is good for one permit.
 */
export class Receipt {
  readonly #durable: boolean;
  #spent = false;

  constructor(durable: boolean) {
    this.#durable = durable;
  }

  /** False when the operator chose `audit.fail_open` and a sink did not take the record. */
  get durable(): boolean {
    return this.#durable;
  }

  /** Uses the receipt up; a second use is a fault. */
  spend(): void {
    if (this.#spent) throw new Error("an audit receipt permits one action");
    this.#spent = true;
  }
}
