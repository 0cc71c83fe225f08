/** What a confined process on macOS may do beyond what every process needs. */
export interface SeatbeltView {
  readonly workspace: string;
  /** Files and folders in it that must not be seen or changed, symlinks resolved. */
  readonly hidden: readonly string[];
  readonly network: "none" | "host";
}

/** Folders of the system that may be read. */
const READABLE = [
  "/usr",
  "/bin",
  "/sbin",
  "/System",
  "/Library/Apple",
  "/Library/Frameworks",
  "/Library/Developer/CommandLineTools",
  "/private/etc",
  "/private/var/db/timezone",
  "/private/var/db/dyld",
  "/private/var/select",
];
/** Files among them that are not meant for everybody. */
const PRIVATE = ["/private/etc/master.passwd", "/private/etc/sudoers", "/private/etc/ssh"];
const DEVICES = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"];

/**
 * The profile for `sandbox-exec`: everything is denied but to run programs of the system and of the workspace, to read
 * the system, and to read and write the workspace. Later rules win.
 */
export function seatbeltProfile(view: SeatbeltView): string {
  const workspace = subpath(view.workspace);
  return [
    "(version 1)",
    "(deny default)",
    "(allow process-exec process-fork)",
    "(allow signal (target same-sandbox))",
    "(allow process-info* (target same-sandbox))",
    "(allow sysctl-read)",
    "(allow file-read-metadata)",
    `(allow file-read* file-map-executable ${READABLE.map(subpath).join(" ")})`,
    `(allow file-read* file-write* file-map-executable ${workspace})`,
    `(allow file-read* file-write-data ${DEVICES.map(literal).join(" ")})`,
    `(deny file-read* file-write* ${PRIVATE.map(subpath).join(" ")})`,
    ...view.hidden.map((path) => `(deny file-read* file-write* ${subpath(path)})`),
    // Who could rename a folder above a hidden file could put another one into its place.
    ...parentsOf(view).map((path) => `(deny file-write-unlink ${literal(path)})`),
    view.network === "host" ? "(allow network* system-socket)" : "(deny network*)",
    "",
  ].join("\n");
}

function parentsOf({ workspace, hidden }: SeatbeltView): readonly string[] {
  const parents = new Set<string>();
  for (const path of hidden) {
    let end = path.lastIndexOf("/");
    for (; end > workspace.length; end = path.lastIndexOf("/", end - 1)) {
      parents.add(path.slice(0, end));
    }
  }
  return [...parents].sort();
}

function subpath(path: string): string {
  return `(subpath ${quoted(path)})`;
}

function literal(path: string): string {
  return `(literal ${quoted(path)})`;
}

/** A string of the profile's language. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
