import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Adapters, ProcessRequest, WireRequest, Workspace } from "../../core/ports/mod.ts";
import { type Answer, TestGateway } from "../support/gateway.ts";
import { TempFolder } from "../support/temp_folder.ts";

const SAFE_POLICY = fileURLToPath(new URL("../../examples/policies/safe.yaml", import.meta.url));

/** The secret that actions may lease. */
export const LEASED = 'Wq7/zK+2"vR<9x&Lp4Tn8Bd6Hs';

/** What no answer may show. */
export const PLANTED: readonly string[] = ["planted-secret-value", "planted-outside-value"];

/** The workspace every attempt finds. Names and contents are what the rows speak of. */
const FILES: Readonly<Record<string, string>> = {
  "README.md": "hello\n",
  ".env": "TOKEN=planted-secret-value\n",
  "src/main.ts": "export {};\n",
  "secrets/token.txt": "planted-secret-value\n",
  "geheim/schlüssel.txt": "planted-secret-value\n",
};

/** What stands beside the example's rules: a little more is allowed, so that more can be tried. */
const RULES: readonly unknown[] = [
  deny("deny-secrets", "file://workspace/secrets/**"),
  deny("deny-key", "file://workspace/geheim/schlüssel.txt"),
  deny("deny-admin", "url://*/admin/**"),
  {
    id: "allow-site",
    action_type: "net.http_request",
    resource: "url://allowed.test/**",
    decision: "ALLOW",
    obligations: { net_allowlist: ["allowed.test"], http_redirects: true },
  },
  {
    id: "allow-public-secret",
    action_type: "secrets.checkout",
    resource: "secret://vault/public",
    decision: "ALLOW",
  },
  {
    id: "allow-repository",
    action_type: "repo.apply_patch",
    resource: "repo://acme/app",
    decision: "ALLOW",
  },
  {
    id: "allow-print",
    action_type: "process.exec",
    resource: "file://workspace/",
    decision: "ALLOW",
    exec_match: { argv_patterns: [["/usr/bin/env"], ["/bin/cat", "text.txt"]] },
  },
  {
    id: "allow-refund",
    action_type: "payments.refund",
    resource: "payment://shop.example/**",
    decision: "ALLOW",
  },
];

function deny(id: string, resource: string): unknown {
  return { id, action_type: "*", resource, decision: "DENY" };
}

/** How an installation differs from the usual one. */
export interface InstallationSetup {
  /** Rules beside those that are always there. */
  readonly rules?: readonly unknown[];
  /** CIDRs that requests may reach. */
  readonly privateNetworks?: readonly string[];
  /** Whether the workspace is to look as if its names had no case. */
  readonly caseInsensitive?: boolean;
  readonly adapters?: (real: Adapters) => Partial<Adapters>;
}

/**
 * A whole installation to attack: real files, real processes, a real audit file, and Nomos's own configuration and
 * bundle inside the workspace, where an agent could try to get at them.
 */
export class Installation implements AsyncDisposable {
  readonly gateway: TestGateway;
  /** A folder beside the workspace, which nothing may reach. */
  readonly outside: TempFolder;
  /** Processes that were to be run. */
  readonly ran: ProcessRequest[];
  /** Requests that were to be sent. */
  readonly sent: WireRequest[];
  readonly #audit: TempFolder;

  private constructor(
    gateway: TestGateway,
    folders: { outside: TempFolder; audit: TempFolder },
    seen: { ran: ProcessRequest[]; sent: WireRequest[] },
  ) {
    this.gateway = gateway;
    this.outside = folders.outside;
    this.#audit = folders.audit;
    this.ran = seen.ran;
    this.sent = seen.sent;
  }

  static async open(setup: InstallationSetup = {}): Promise<Installation> {
    const folders = { outside: new TempFolder(), audit: new TempFolder() };
    const seen = { ran: [] as ProcessRequest[], sent: [] as WireRequest[] };
    folders.outside.write("outside.txt", "planted-outside-value\n");
    const gateway = await TestGateway.open({
      rules: [...RULES, ...setup.rules ?? []],
      config: {
        policy: {
          policy_bundle_path: undefined,
          policy_bundle_paths: [SAFE_POLICY, "bundle.json"],
        },
        executor: {
          workspace_root: ".",
          allow_private_networks: setup.privateNetworks ?? [],
        },
        audit: { sink: `file:${folders.audit.at("audit.jsonl")}` },
        gateway: { circuit_breaker_failures: 1_000_000 },
        credentials: {
          enabled: true,
          secrets: [
            { id: "public", env_key: "PUBLIC_TOKEN", value: LEASED, ttl_seconds: 900 },
            {
              id: "deploy",
              env_key: "DEPLOY_TOKEN",
              value: "planted-deploy-secret",
              ttl_seconds: 900,
            },
          ],
        },
      },
      adapters: (real) =>
        watched({ ...real, ...setup.adapters?.(real) }, seen, setup.caseInsensitive ?? false),
    });
    for (const [path, content] of Object.entries(FILES)) gateway.folder.write(path, content);
    execFileSync("git", ["init", "--quiet", gateway.folder.path]);
    return new Installation(gateway, folders, seen);
  }

  /** What the audit has on record by now. */
  audit(): string {
    return this.#audit.read("audit.jsonl");
  }

  /** Every file of the workspace and of the folder beside it. */
  files(): unknown {
    return [this.gateway.folder.tree(), this.outside.tree()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    this.outside[Symbol.dispose]();
    this.#audit[Symbol.dispose]();
  }
}

/** Adapters that note what is done to the world. */
function watched(
  adapters: Adapters,
  seen: { ran: ProcessRequest[]; sent: WireRequest[] },
  caseInsensitive: boolean,
): Adapters {
  return {
    ...adapters,
    openWorkspace: async (root, options) => {
      const workspace = await adapters.openWorkspace(root, options);
      return caseInsensitive ? withoutCase(workspace) : workspace;
    },
    http: {
      send: (request) => {
        seen.sent.push(request);
        return adapters.http.send(request);
      },
    },
    openProcesses: async (options) => {
      const processes = await adapters.openProcesses(options);
      return {
        run: (request) => {
          seen.ran.push(request);
          return processes.run(request);
        },
      };
    },
  };
}

/** The workspace of a system whose names have no case, as far as policy can tell. */
function withoutCase(workspace: Workspace): Workspace {
  const { root, guarantee, recovery } = workspace;
  return {
    root,
    guarantee,
    recovery,
    caseInsensitive: true,
    hold: (path, intent) => workspace.hold(path, intent),
    holdFolder: (path) => workspace.holdFolder(path),
    apply: (changes) => workspace.apply(changes),
    close: () => workspace.close(),
  };
}

/** Everything a document says, as text. */
export function wordsOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.values(value).map(wordsOf).join(" ");
}

/** One word for how an action ended: the code of a refusal, or the reason of an allowance. */
export function outcomeOf({ status, body }: Pick<Answer, "status" | "body">): string {
  const code = body?.error?.code ?? body?.reason ?? body?.reason_code;
  const denied = body?.decision === "DENY";
  if (typeof code !== "string") return `status ${status}`;
  return denied ? code : `${body.decision} ${code}`;
}
