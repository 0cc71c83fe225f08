import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { TempFolder } from "../../../../support/temp_folder.ts";

/** A workspace with every kind of trap in it, beside a folder that must not be reached. */
export interface Traps {
  readonly folder: TempFolder;
  readonly root: string;
  readonly protectedPaths: readonly string[];
  close(): void;
}

/** Lays the traps that `tests/vectors/workspace_paths.jsonl` speaks of. */
export async function layTraps(): Promise<Traps> {
  const folder = new TempFolder();
  const root = folder.at("root");
  mkdirSync(root);
  folder.write("outside/secret.txt", "SECRET");
  folder.write("outside/kept.key", "SECRET");
  folder.write("root-evil/secret.txt", "SECRET");
  folder.write("root/file.txt", "inside");
  folder.write("root/dir/inner.txt", "inside");
  folder.write("root/dir/sub/deep.txt", "inside");
  folder.write("root/nomos.yaml", "kept");
  folder.write("root/nomos.yaml.md", "inside");
  folder.write("root/state/spool/1.json", "kept");
  for (const [name, target] of Object.entries(links(root))) {
    symlinkSync(target, folder.at(`root/${name}`));
  }
  symlinkSync("file.txt", folder.at("root/chain_1"));
  for (let i = 2; i <= 41; i++) symlinkSync(`chain_${i - 1}`, folder.at(`root/chain_${i}`));
  linkSync(folder.at("root/nomos.yaml"), folder.at("root/hard_protected"));
  linkSync(folder.at("outside/kept.key"), folder.at("root/hard_outside"));
  execFileSync("mkfifo", [folder.at("root/fifo")]);
  const server = await listen(folder.at("root/socket"));
  return {
    folder,
    root,
    protectedPaths: [
      folder.at("root/nomos.yaml"),
      folder.at("root/approvals.db-wal"),
      folder.at("root/state"),
      folder.at("outside/kept.key"),
    ],
    close: () => {
      server.close();
      folder[Symbol.dispose]();
    },
  };
}

function links(root: string): Record<string, string> {
  return {
    link_file: "file.txt",
    link_dir: "./dir/",
    "dir/link_up": "sub/../../file.txt",
    link_abs: `${root}/file.txt`,
    link_abs_dir: `${root}/dir`,
    link_root: root,
    loop_a: "loop_b",
    loop_b: "loop_a",
    loop_self: "loop_self",
    zigzag: `${"dir/sub/../../".repeat(280)}file.txt`,
    out_rel: "../outside/secret.txt",
    out_abs: "/etc/passwd",
    out_dir: "../outside",
    out_chain: "out_dir/secret.txt",
    out_abs_up: `${root}/../outside/secret.txt`,
    out_prefix: `${root}-evil/secret.txt`,
    dangling: "new_target.txt",
    dangling_out: "../outside/new.txt",
    dangling_up: "missing/../file.txt",
    proc_root: "/proc/self/root",
    proc_fd: "/proc/self/fd/0",
    proc_cwd: "/proc/self/cwd",
    dev_zero: "/dev/zero",
    link_fifo: "fifo",
    link_protected: "nomos.yaml",
    link_state: "state",
    link_temp: ".nomos-tmp-00",
  };
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(path, () => resolve(server));
  });
}
