import { readFileSync } from "node:fs";
import * as z from "zod";

const text = z.string().min(1);
const strings = z.record(z.string(), z.string());

/** What every attempt has. */
const common = {
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** Where the attempt is public, see {@link SOURCE}; several are separated by `; `. */
  source: text,
  /** What is tried, in a few words. */
  why: text,
};

/** Codes with which policy alone refuses: a run and an explanation say the same. */
export const POLICY_CODES = [
  "validation_error",
  "normalization_error",
  "unsupported_action",
  "invalid_params",
  "protected_path",
  "deny_by_rule",
  "deny_by_default",
  "net_not_allowlisted",
] as const;

/** Codes with which a run refuses; some of them only when the world was looked at. */
export const RUN_CODES = [
  ...POLICY_CODES,
  "invalid_resource",
  "credentials_unavailable",
  "execution_error",
] as const;

const policyCode = z.enum(POLICY_CODES);
const runCode = z.enum(RUN_CODES);

/** What is asked for, as a request says it. */
export interface AttemptedAction {
  readonly action_type: string;
  readonly resource: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const decide = z.strictObject({
  ...common,
  kind: z.literal("decide"),
  // Taken as it stands: a copy would lose a member "__proto__".
  request: z.custom<AttemptedAction>((value) =>
    z.strictObject({
      action_type: z.string(),
      resource: z.string(),
      params: z.record(z.string(), z.unknown()),
    }).safeParse(value).success
  ),
  expect: policyCode,
  /** A rule that must be among those that decide: the attempt is a harmless spelling of something that is denied. */
  rule: text.optional(),
  /** Whether the workspace is one whose names have no case; explanations without a workspace cannot know. */
  case_insensitive: z.literal(true).optional(),
});

const document = z.strictObject({
  ...common,
  kind: z.literal("document"),
  /** The request as it is sent; `{hex:…}` stands for bytes that no text has. */
  body: z.string(),
  expect: policyCode,
});

const wire = z.strictObject({
  ...common,
  kind: z.literal("wire"),
  resource: text,
  /** What stands in the request line: what policy saw, encoded once. */
  expect: text,
});

const env = z.strictObject({
  ...common,
  kind: z.literal("env"),
  /** A variable that Nomos has and the process asks for. */
  variable: text,
  expect: z.literal("absent"),
});

const address = z.strictObject({
  ...common,
  kind: z.literal("address"),
  host: text,
  /** What the host resolves to; an address resolves to itself. */
  resolves: z.array(text).optional(),
  /** What it resolves to from the second time on. */
  then: z.array(text).optional(),
  expect: runCode,
});

const redirect = z.strictObject({
  ...common,
  kind: z.literal("redirect"),
  /** Value of the `Location` header; the test says what stands for the servers that listen. */
  location: z.string(),
  status: z.int().min(300).max(399).default(302),
  /** What is sent to begin with. */
  params: z.strictObject({
    method: text.optional(),
    headers: strings.optional(),
    body: z.string().optional(),
    scheme: z.literal("https").optional(),
  }).default({}),
  /** Headers that must not arrive where the redirect leads; `body` is the body. */
  drops: z.array(text).optional(),
  /** `dropped`: followed, without what `drops` names. */
  expect: z.enum([...RUN_CODES, "dropped"]),
});

const patch = z.strictObject({
  ...common,
  kind: z.literal("patch"),
  patch: z.string(),
  /** See `workspace`. */
  links: strings.default({}),
  /** Whether only the world tells: an explanation without it knows of no symlink. */
  in_world: z.literal(true).optional(),
  expect: runCode,
  rule: text.optional(),
});

const workspace = z.strictObject({
  ...common,
  kind: z.literal("workspace"),
  /**
   * Names made for the attempt, by path: the target of a symlink; `hard:<path>` makes a hard link, `fifo:` a FIFO.
   * `{outside}` is a folder beside the workspace, `{beside}` its name, `{here}` the name of the workspace.
   */
  links: strings,
  path: text,
  /** What is written; nothing: the path is read. */
  content: z.string().optional(),
  /** A command is run in the path instead. */
  cwd: z.literal(true).optional(),
  expect: runCode,
  rule: text.optional(),
});

const lease = z.strictObject({
  ...common,
  kind: z.literal("lease"),
  /** Who tries to use a lease of principal `system`, agent `nomos` and trace `trace`, where that differs. */
  api_key: text.optional(),
  agent: z.tuple([text, text]).optional(),
  trace_id: text.optional(),
  /** The lease that is named; `{lease}` is the right one, `{LEASE}` the same in upper case. */
  names: text,
  expect: runCode,
});

const redaction = z.strictObject({
  ...common,
  kind: z.literal("redaction"),
  /** The text, in parts so that no scanner of repositories takes it for a secret; the test says what stands for what. */
  parts: z.array(z.string()).min(1),
  /** The piece that must not be seen. */
  planted: text,
  /** Lines that are asked for, so that a secret might be seen without what tells it. */
  lines: z.strictObject({ offset_line: z.int().optional(), limit_lines: z.int().optional() })
    .optional(),
  expect: z.literal("hidden"),
});

const row = z.discriminatedUnion("kind", [
  decide,
  document,
  workspace,
  patch,
  wire,
  address,
  redirect,
  env,
  lease,
  redaction,
]);

/** One attempt to get around a rule. */
export type Row = z.infer<typeof row>;
/** The kinds of attempts. */
export type Kind = Row["kind"];
/** All of them, in the order of the documentation. */
export const KINDS: readonly Kind[] = row.options.map((option) => option.shape.kind.value);
/** An attempt of one kind. */
export type RowOf<K extends Kind> = Extract<Row, { kind: K }>;

/** What a source looks like: an advisory, a weakness, a standard, a catalogue of tricks, or an address. */
export const SOURCE =
  /^(CVE-\d{4}-\d{4,}|CWE-\d+|RFC \d+|UTS 39|ATT&CK T\d{4}(\.\d{3})?|GTFOBins [a-z]+|https:\/\/[^ ]+)$/;

const FILE = new URL("../vectors/bypass.jsonl", import.meta.url);

/** All attempts, in the order of the file. */
export const ROWS: readonly Row[] = readFileSync(FILE, "utf8").trimEnd().split("\n").map((line) =>
  row.parse(JSON.parse(line))
);

/** The attempts of one kind. */
export function rowsOf<K extends Kind>(kind: K): readonly RowOf<K>[] {
  return ROWS.filter((one): one is RowOf<K> => one.kind === kind);
}
