import { PASSWORD, PATH, runEnd, USER } from "../charset.ts";
import { type Pattern, type Scan, WINDOW } from "../scan.ts";

const COLON = 58;
const LONGEST_USER = 256;

/** `scheme://user:password@host`: the password goes, the rest says what was connected to. */
export const connectionUrl: Pattern = {
  id: "connection-url",
  description: "The password in a connection string or URL (scheme://user:password@host)",
  anchors: [{ character: "/", before: ":", next: "/" }],
  match: matchUrl,
};

function matchUrl(scan: Scan, at: number): boolean {
  const { text } = scan;
  if (at + 1 === text.length) return scan.final;
  if (text.charCodeAt(at + 1) !== 47) return true;
  const from = at + 2;
  const userEnd = runEnd(text, from, USER, from + LONGEST_USER);
  if (userEnd === text.length) return scan.final;
  if (text.charCodeAt(userEnd) !== COLON) return true;
  const password = userEnd + 1;
  const end = Math.min(scan.runEnd(password, PASSWORD), scan.markerAfter(password));
  if (end - password >= WINDOW) {
    scan.coverRun(password, password, PASSWORD);
    return true;
  }
  if (end === text.length && !scan.final) return false;
  if (scan.openEnd && end === text.length) {
    scan.cover(password, end);
    return true;
  }
  // A password may hold an `@` of its own; what follows the last one is the host.
  const last = password + text.slice(password, end).lastIndexOf("@");
  if (last > password && !isPort(text, password) && !isPlaceholder(text, password, last)) {
    // A second colon goes with the first: `cookie::…` would be judged as a header afterwards.
    scan.cover(text.charCodeAt(password) === COLON ? userEnd : password, last);
  }
  return true;
}

/** Whether a port stands here and the text goes on: `http://localhost:8080, mail me@there`. */
function isPort(text: string, from: number): boolean {
  return /^[0-9]{1,5}[,|)]/.test(text.slice(from, from + 6));
}

const LONGEST_PLACEHOLDER = 80;
const PLACEHOLDER =
  /^(?:\$\{[A-Za-z0-9_]+\}|\$\([A-Za-z0-9_]+\)|\{\{?[A-Za-z0-9_.]+\}?\}|%[sv]|\*+|\.{3}|…)$/;

/** Whether this is no secret but stands for one: `${DB_PASSWORD}`, `{password}`, `%s`, `***`. */
export function isPlaceholder(text: string, from: number, end: number): boolean {
  return end - from <= LONGEST_PLACEHOLDER && PLACEHOLDER.test(text.slice(from, end));
}

/** Slack's incoming webhooks: who knows the path may post. */
export const slackWebhook: Pattern = {
  id: "slack-webhook",
  description: "The path of a Slack incoming webhook",
  anchors: [{ character: "/", before: ":", next: "/" }],
  match(scan, at) {
    const { text } = scan;
    const first = text.charCodeAt(at + 2);
    if (first !== 104 && at + 2 < text.length) return true; // h, as most hosts do not begin
    const from = at + 1 + SLACK_HOOKS.length;
    if (!text.startsWith(SLACK_HOOKS, at + 1)) {
      return scan.final || from <= text.length || !SLACK_HOOKS.startsWith(text.slice(at + 1));
    }
    const end = scan.runEnd(from, PATH);
    if (end === text.length && end - from < LEAST_HOOK && !scan.final) return false;
    const cutOff = scan.openEnd && end === text.length && end > from;
    if (cutOff || end - from >= LEAST_HOOK) scan.coverRun(from, from, PATH);
    return true;
  },
};

const SLACK_HOOKS = "/hooks.slack.com/services/";
const LEAST_HOOK = 20;
