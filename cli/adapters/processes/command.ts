/** A program with everything it starts with. */
export interface Command {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Takes bytes as they come; they are only lent for the call. */
export type TakeBytes = (bytes: Uint8Array) => void;

/** Where the three streams of a process lead. */
export interface Streams {
  /** Absent: the process reads end of file. */
  readonly stdin?: Uint8Array;
  readonly stdout: TakeBytes;
  readonly stderr: TakeBytes;
}

/** A started process, the leader of its own group. */
export interface Child {
  readonly pid: number;
  /** Its exit code, 128 + signal number when a signal ended it. Never rejects. */
  readonly exited: Promise<number>;
  /** Kept once nobody can write to stdout and stderr any more. Never rejects. */
  readonly drained: Promise<void>;
  /** Reads no more, whoever still writes. */
  abandon(): void;
}

/**
 * Starts a process with exactly the environment it is given and as leader of a group of its own.
 *
 * @throws the system's error when it cannot be started
 */
export type Launch = (command: Command, streams: Streams) => Promise<Child>;
