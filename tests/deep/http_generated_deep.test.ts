import { expect, it } from "vitest";
import {
  askGenerated,
  GENERATED_PATHS,
  openGeneratedGateway,
  sendGenerated,
} from "../http/generated_requests.ts";

it.each(GENERATED_PATHS)("5,000 generated documents end in answers: %s", async (path) => {
  await using gateway = await openGeneratedGateway();
  await sendGenerated(gateway, path, 5_000);
  expect(gateway.faults).toEqual([]);
  expect(gateway.log).toEqual([]);
});

it("5,000 generated ids end in answers", async () => {
  await using gateway = await openGeneratedGateway();
  await askGenerated(gateway, 5_000);
  expect(gateway.faults).toEqual([]);
});
