import { describe, expect, it } from "vitest";
import { OpenRequests } from "../../../../cli/adapters/open_requests.ts";

describe("open requests", () => {
  it("are waited for until the last one ends", async () => {
    const open = new OpenRequests();
    open.begin();
    open.begin();
    const idle = open.idle(5_000);
    let settled = false;
    void idle.then(() => settled = true);
    open.end();
    await Promise.resolve();
    expect(settled).toBe(false);
    open.end();
    expect(await idle).toBe(true);
    expect(open.count).toBe(0);
  });

  it("are waited for only so long", async () => {
    const open = new OpenRequests();
    open.begin();
    expect(await open.idle(10)).toBe(false);
    expect(open.count).toBe(1);
  });

  it("need no waiting when there are none", async () => {
    expect(await new OpenRequests().idle(0)).toBe(true);
  });
});
