/** Writes one member name or array index as a reference token of a JSON pointer (RFC 6901). */
export function pointerToken(name: string | number): string {
  if (typeof name === "number") return String(name);
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * Writes a path as a JSON pointer.
 *
 * @example
 * ```ts
 * toPointer(["rules", 3, "a/b"]); // "/rules/3/a~1b"
 * ```
 */
export function toPointer(path: readonly (string | number)[]): string {
  return path.map((name) => `/${pointerToken(name)}`).join("");
}

/** Splits a JSON pointer into member names and indexes; `undefined` when it is not a pointer. */
export function fromPointer(pointer: string): string[] | undefined {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) return undefined;
  return pointer.slice(1).split("/").map((token) =>
    token.replaceAll("~1", "/").replaceAll("~0", "~")
  );
}
