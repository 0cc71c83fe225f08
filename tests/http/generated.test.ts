import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestGateway } from "../support/gateway.ts";
import {
  askGenerated,
  GENERATED_PATHS,
  openGeneratedGateway,
  sendGenerated,
} from "./generated_requests.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGeneratedGateway();
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

describe("generated documents", () => {
  it.each(GENERATED_PATHS)("end in an answer of the contract: %s", async (path) => {
    await sendGenerated(gateway, path, 500);
    expect(gateway.faults).toEqual([]);
    expect(gateway.log).toEqual([]);
  });

  it("in the place of ids do as well", async () => {
    await askGenerated(gateway, 500);
    expect(gateway.faults).toEqual([]);
  });
});
