/** What stands before the path in the normalized resource of a workspace file. */
const PREFIX = "file://workspace/";

/** The normalized resource of a workspace path. */
export function workspaceResource(path: string): string {
  return PREFIX + path;
}

/**
 * The workspace path of a normalized resource: exactly what follows the host, decoded no further.
 *
 * @returns `undefined` for a resource of another scheme
 */
export function workspacePath(resource: string): string | undefined {
  return resource.startsWith(PREFIX) ? resource.slice(PREFIX.length) : undefined;
}
