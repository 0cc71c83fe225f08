import type { IdentityMethodName } from "../model/mod.ts";
import type { Evidence } from "./evidence.ts";

/** What one method makes of a request. */
export type Claim =
  /** The request carries nothing for this method. */
  | { readonly state: "absent" }
  /** It carries something that does not prove anybody. */
  | { readonly state: "rejected" }
  | { readonly state: "verified"; readonly principal: string };

/** A request as methods see it. */
export interface Presented {
  readonly evidence: Evidence;
  /** The bytes that signatures of this request cover; absent when it lacks what must be covered. */
  readonly signed: Uint8Array | undefined;
}

/** One way to prove a principal. One file declares one; the registry lists it. */
export interface PrincipalMethod {
  readonly name: IdentityMethodName;
  /**
   * The part of the evidence it reads. Several methods may read one part; when it is there and none of them verifies
   * it, it is a failing credential.
   */
  readonly reads: "authorization" | "certificate" | "service";
  claim(presented: Presented): Claim | Promise<Claim>;
}

/** Nothing was presented. */
export const ABSENT: Claim = Object.freeze({ state: "absent" });
/** What was presented proves nothing. */
export const REJECTED: Claim = Object.freeze({ state: "rejected" });
