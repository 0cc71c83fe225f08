/** What a child process did. */
export interface Ran {
  readonly code: number;
  /** Standard output and standard error, one after the other. */
  readonly text: string;
}

/**
 * Runs a program to its end and keeps what it prints.
 *
 * @param command The program and its arguments.
 * @param options `cwd` and further environment variables.
 */
export async function run(
  command: readonly [string, ...string[]],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ran> {
  const [program, ...args] = command;
  const child = new Deno.Command(program, { args, stdin: "null", ...options });
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Runs this very Deno, like {@linkcode run}. */
export function runDeno(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ran> {
  return run([Deno.execPath(), ...args], options);
}
