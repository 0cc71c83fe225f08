import { listen } from "../../cli/adapters/listen.ts";
import type { Listener, ListenOptions } from "../../commands/command.ts";
import { type GatewaySetup, TestGateway } from "./gateway.ts";

/** The listeners of this runtime. */
export const LISTENERS: readonly ("node" | "deno")[] = "Deno" in globalThis
  ? ["node", "deno"]
  : ["node"];

/** A whole gateway on a port of loopback. */
export class ListeningGateway implements AsyncDisposable {
  readonly gateway: TestGateway;
  readonly listener: Listener;

  private constructor(gateway: TestGateway, listener: Listener) {
    this.gateway = gateway;
    this.listener = listener;
  }

  static async open(
    kind: "node" | "deno",
    setup: GatewaySetup = {},
    more: Partial<ListenOptions> = {},
  ): Promise<ListeningGateway> {
    const gateway = await TestGateway.open(setup);
    const listener = await listen({
      address: "127.0.0.1:0",
      kind,
      maxBodyBytes: gateway.config.gateway.max_body_bytes,
      handler: (request, info) => gateway.app.fetch(request, info),
      onFault: (fault) => gateway.faults.push(fault),
      ...more,
    });
    return new ListeningGateway(gateway, listener);
  }

  get port(): number {
    return this.listener.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listener.close(0);
    await this.gateway[Symbol.asyncDispose]();
  }
}
