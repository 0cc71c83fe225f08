import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRfc3339 } from "../../../../core/policy/mod.ts";

describe("a time of RFC 3339", () => {
  it.each([
    ["1970-01-01T00:00:00Z", 0],
    ["1970-01-01t00:00:00z", 0],
    ["1970-01-01T01:00:00+01:00", 0],
    ["1969-12-31T23:30:00-00:30", 0],
    ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
    ["1970-01-01T00:00:00.0019Z", 1],
    ["1970-01-01T00:00:60Z", 60_000],
    ["0001-01-01T00:00:00Z", Date.parse("0001-01-01T00:00:00Z")],
  ])("%s is %d", (text, wanted) => {
    expect(parseRfc3339(text)).toBe(wanted);
  });

  it.each([
    "2023-02-29T00:00:00Z",
    "2023-13-01T00:00:00Z",
    "2023-00-01T00:00:00Z",
    "2023-01-00T00:00:00Z",
    "2023-01-01T24:00:00Z",
    "2023-01-01T00:60:00Z",
    "2023-01-01T00:00:61Z",
    "2023-01-01T00:00:00+24:00",
    "2023-01-01T00:00:00",
    "2023-01-01 00:00:00Z",
    "2023-1-1T00:00:00Z",
    " 2023-01-01T00:00:00Z",
    "20230101T000000Z",
    "",
  ])("is not %j", (text) => {
    expect(parseRfc3339(text)).toBeUndefined();
  });

  it("agrees with the platform on every time the platform writes", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          expect(parseRfc3339(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });
});
