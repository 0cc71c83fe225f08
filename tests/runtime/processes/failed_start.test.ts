import { afterEach, beforeEach, expect, it } from "vitest";
import { ProcessWorld } from "../../support/processes.ts";

let world: ProcessWorld;

beforeEach(async () => {
  world = await ProcessWorld.open();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

it("a program that pretends not to have started gets little of its output told", async () => {
  const lie =
    `echo "setsid: /bin/sh /usr/bin/sh $(head -c 5000 /dev/zero | tr '\\0' x)" >&2; exit 127`;
  const told = await world.run(["sh", "-c", lie]);
  expect(told.message.length).toBeLessThan(300);
});
