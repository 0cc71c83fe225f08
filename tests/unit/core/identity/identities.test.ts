import { describe, expect, it } from "vitest";
import * as identity from "../../../../core/identity/mod.ts";

describe("identities", () => {
  it("of the configuration and of documents say how they came to be", () => {
    const who = { principal: "p", agent: "a", environment: "e" };
    expect(identity.configuredIdentity(who).facts).toEqual({ ...who, method: "configured" });
    expect(identity.AssertedIdentity.of(who).facts).toEqual({ ...who, method: "asserted" });
  });

  it("cannot be changed afterwards", () => {
    const { facts } = identity.configuredIdentity({ principal: "p", agent: "a", environment: "e" });
    expect(Object.isFrozen(facts)).toBe(true);
  });

  it("that are verified can be made in this room only", () => {
    expect(Object.keys(identity)).not.toContain("VerifiedIdentity");
  });
});
