/** One of the system's folders, as it stands in the sandbox. */
export type SystemFolder =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

/** A path that must not be seen. */
export interface HiddenPath {
  readonly path: string;
  readonly kind: "file" | "folder";
}

/** Everything a process sees in its sandbox. */
export interface View {
  readonly system: readonly SystemFolder[];
  /** Files of the system that are shown although their folder is not. */
  readonly shown: readonly string[];
  /** Paths below the system's folders or the workspace. */
  readonly hidden: readonly HiddenPath[];
  readonly workspace: string;
  /** Folders of the workspace that hold hidden paths, the outer ones first. */
  readonly pinned: readonly string[];
  readonly network: "none" | "host";
  /** Absolute path to run in. */
  readonly cwd: string;
  /** User to appear as; absent: one's own. */
  readonly user?: number;
  /** Variables that the sandbox's program itself must not see. */
  readonly env: Readonly<Record<string, string>>;
}

/** What the installed bubblewrap can do beyond the oldest one that is still around. */
export interface Abilities {
  readonly size: boolean;
  readonly disableUserns: boolean;
}

/** Folders that are there and empty. */
const EMPTY = ["/root", "/home", "/run", "/var", "/tmp"];
/** Most that fits into each of them, in bytes: they are memory. */
const EMPTY_BYTES = 536_870_912;

/** The arguments of bubblewrap, up to the program to run. */
export function bubblewrapArgs(view: View, abilities: Abilities): readonly string[] {
  const isSystem = (path: string) => !path.startsWith(`${view.workspace}/`);
  return [
    ...namespaces(view, abilities),
    ...view.system.flatMap(showSystem),
    ...["--proc", "/proc", "--dev", "/dev"],
    ...empty("/dev/shm", abilities),
    ...EMPTY.flatMap((path) => empty(path, abilities)),
    ...view.shown.flatMap((path) => ["--ro-bind", path, path]),
    ...view.hidden.filter(({ path }) => isSystem(path)).flatMap(hide),
    ...["--bind", view.workspace, view.workspace],
    // A folder that something is mounted on keeps its name: whoever could rename it could put another file into the
    // place of the hidden one.
    ...view.pinned.flatMap((path) => ["--bind", path, path]),
    ...view.hidden.filter(({ path }) => !isSystem(path)).flatMap(hide),
    // INVARIANT: nothing in /proc can be written. To a process that root started, even without any capability, the
    // kernel's settings below /proc/sys would be open, and one of them names a program that runs outside.
    ...["--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/"],
    ...Object.entries(view.env).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--chdir", view.cwd, "--"],
  ];
}

function namespaces(view: View, { disableUserns }: Abilities): readonly string[] {
  const user = String(view.user ?? "");
  return [
    ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"],
    "--unshare-cgroup-try",
    ...(view.network === "none" ? ["--unshare-net"] : []),
    ...(disableUserns ? ["--disable-userns"] : []),
    ...["--die-with-parent", "--new-session", "--cap-drop", "ALL"],
    ...(user === "" ? [] : ["--uid", user, "--gid", user]),
  ];
}

function showSystem(folder: SystemFolder): readonly string[] {
  return folder.kind === "link"
    ? ["--symlink", folder.target, folder.path]
    : ["--ro-bind", folder.path, folder.path];
}

function empty(path: string, { size }: Abilities): readonly string[] {
  return [...(size ? ["--size", String(EMPTY_BYTES)] : []), "--tmpfs", path];
}

/** What is mounted cannot be read, since devices do not work where they are bound; an empty folder shows nothing. */
function hide({ path, kind }: HiddenPath): readonly string[] {
  return kind === "folder"
    ? ["--tmpfs", path, "--remount-ro", path]
    : ["--ro-bind", "/dev/null", path];
}
