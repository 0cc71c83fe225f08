import { describe, expect, it } from "vitest";
import { type LeaseHolder, Leases } from "../../../../core/leases/mod.ts";
import { ManualClock } from "../../../support/manual_clock.ts";

const HOLDER: LeaseHolder = {
  principal: "alice",
  agent: "nomos",
  environment: "dev",
  traceId: "t1",
};
const SECRETS = [
  { id: "deploy", envKey: "DEPLOY_TOKEN", value: "d3ploy", ttlSeconds: 60 },
  { id: "other-deploy", envKey: "DEPLOY_TOKEN", value: "0ther", ttlSeconds: 60 },
  { id: "db", envKey: "__proto__", value: "d8", ttlSeconds: 10 },
];

function leasesOf(max?: number) {
  const clock = new ManualClock();
  let next = 0;
  const ids = { hex: (bytes: number) => (++next).toString(16).padStart(bytes * 2, "0") };
  const leases = new Leases(SECRETS, { clock, ids }, max);
  const checkout = (id: string, holder = HOLDER): string => {
    const lease = leases.checkout(id, holder);
    return lease.ok ? lease.value : lease.reason.code;
  };
  return { clock, leases, checkout };
}

describe("leases", () => {
  it("are ids that say nothing about the secret", () => {
    const { checkout } = leasesOf();
    expect(checkout("deploy")).toBe(`lease_${"1".padStart(24, "0")}`);
  });

  it("put their secrets into an environment, again and again while they run", () => {
    const { leases, checkout, clock } = leasesOf();
    const ids = [checkout("deploy"), checkout("db")];
    for (let i = 0; i < 2; i++) {
      const got = leases.materialize(ids, HOLDER);
      expect(got.ok && Object.entries(got.value.env)).toEqual([
        ["DEPLOY_TOKEN", "d3ploy"],
        ["__proto__", "d8"],
      ]);
      expect(got.ok && got.value.secrets).toEqual(["d3ploy", "d8"]);
    }
    clock.advance(9_999);
    expect(leases.materialize(ids, HOLDER).ok).toBe(true);
    clock.advance(1);
    expect(leases.materialize(ids, HOLDER)).toMatchObject({
      reason: { code: "credentials_unavailable" },
    });
    expect(leases.materialize(ids.slice(0, 1), HOLDER).ok).toBe(true);
  });

  it("give nothing for no lease", () => {
    expect(leasesOf().leases.materialize([], HOLDER)).toMatchObject({ value: { secrets: [] } });
  });

  it.each(["principal", "agent", "environment", "traceId"])("work for one %s only", (part) => {
    const { leases, checkout } = leasesOf();
    const lease = checkout("deploy");
    expect(leases.materialize([lease], { ...HOLDER, [part]: "other" })).toMatchObject({
      reason: { code: "credentials_unavailable" },
    });
    expect(leases.materialize([lease], HOLDER).ok).toBe(true);
  });

  it("look the same when they are unknown, foreign or have run out", () => {
    const { leases, checkout, clock } = leasesOf();
    const messageOf = (id: string, holder = HOLDER) => {
      const got = leases.materialize([id], holder);
      return got.ok ? "" : got.reason.message.replaceAll(id, "ID");
    };
    const lease = checkout("deploy");
    const messages = [messageOf("lease_nope"), messageOf(lease, { ...HOLDER, agent: "x" })];
    clock.advance(60_000);
    expect(new Set([...messages, messageOf(lease)]).size).toBe(1);
  });

  it("of one variable with two values are refused together, with one value are not", () => {
    const { leases, checkout } = leasesOf();
    const [one, same, other] = [checkout("deploy"), checkout("deploy"), checkout("other-deploy")];
    expect(leases.materialize([one, same], HOLDER).ok).toBe(true);
    expect(leases.materialize([one, other], HOLDER).ok).toBe(false);
  });

  it("cannot be had of a secret that is not configured", () => {
    const { checkout } = leasesOf();
    expect([checkout("nope"), checkout("__proto__")]).toEqual([
      "credentials_unavailable",
      "credentials_unavailable",
    ]);
  });

  it("are not lengthened by setting the clock back", () => {
    const { leases, checkout, clock } = leasesOf();
    const lease = checkout("deploy");
    clock.advance(60_000);
    clock.wallMs -= 3_600_000;
    expect(leases.materialize([lease], HOLDER).ok).toBe(false);
  });

  it("are bounded: a new one is refused rather than an old one dropped", () => {
    const { leases, checkout, clock } = leasesOf(2);
    const first = checkout("deploy");
    checkout("db");
    expect(checkout("db")).toBe("credentials_unavailable");
    expect(leases.materialize([first], HOLDER).ok).toBe(true);
    clock.advance(10_000);
    expect(checkout("db")).toMatch(/^lease_/);
    expect(leases.size).toBe(2);
  });

  it("that have run out are swept away", () => {
    const { leases, checkout, clock } = leasesOf();
    for (let i = 0; i < 10; i++) checkout("db");
    clock.advance(30_000);
    checkout("deploy");
    expect(leases.size).toBe(1);
    clock.advance(60_000);
    leases.sweep();
    expect(leases.size).toBe(0);
  });
});
