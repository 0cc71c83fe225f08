import { type Config, upstreamBreaker, type UpstreamServer } from "../../config/mod.ts";
import { type Check, pass, warn } from "../check.ts";

/** Whether the MCP server is on. */
export const mcpEnabled: Check = {
  id: "mcp.enabled",
  run({ config }) {
    return config.mcp.enabled ? pass("the MCP server is on") : pass("the MCP server is off");
  },
};

/** How the MCP server is reached. */
export const mcpTransport: Check = {
  id: "mcp.transport_configured",
  run: ({ config }) =>
    pass(config.mcp.enabled ? "MCP is spoken over stdio" : "nothing to reach: MCP is off"),
};

/** Whether stdout stays free for the protocol. */
export const mcpStdio: Check = {
  id: "mcp.stdio_structure_valid",
  run({ config }) {
    if (!config.mcp.enabled) return pass("nothing to keep free: MCP is off");
    const usesStdout = config.audit.sink.split(",").some((sink) => sink.trim() === "stdout");
    return pass(
      usesStdout
        ? "over stdio, the audit goes to stderr instead of stdout"
        : "stdout is free for the protocol",
    );
  },
};

/** For each upstream server: its breaker, and what its environment holds. */
export function upstreamChecks({ mcp }: Config): readonly Check[] {
  return mcp.upstream_servers.flatMap((server) => [
    breakerCheck(server),
    ...server.transport === "stdio" ? [isolationCheck(server)] : [],
  ]);
}

function breakerCheck(server: UpstreamServer): Check {
  return {
    id: `mcp.upstream_breaker.${server.name}`,
    run({ config }) {
      const breaker = upstreamBreaker(config, server);
      if (!breaker.enabled) {
        return warn("disabled: a failing server is called again and again", "enable its breaker");
      }
      return pass(
        `closed; ${breaker.failure_threshold} failures within ${breaker.failure_window_ms} ms ` +
          `open it for ${breaker.open_timeout_ms} ms`,
      );
    },
  };
}

function isolationCheck(server: UpstreamServer): Check {
  return {
    id: `mcp.upstream_env_isolation.${server.name}`,
    run() {
      const names = [...new Set([...server.env_allowlist, ...Object.keys(server.env)])].sort();
      const isBare = !/[/\\]/.test(server.command ?? "");
      if (isBare && !names.includes("PATH")) {
        return warn(
          `${server.command} is looked up without a PATH`,
          "name the command with its path, or add PATH to env_allowlist",
        );
      }
      return pass(
        names.length === 0
          ? "starts with an empty environment"
          : `starts with nothing but ${names.join(", ")}`,
      );
    },
  };
}
