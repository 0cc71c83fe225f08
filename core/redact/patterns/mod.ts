/** The table of built-in patterns. */
import type { Pattern } from "../scan.ts";
import { connectionUrl, slackWebhook } from "./connection.ts";
import { header } from "./header.ts";
import { jwt } from "./jwt.ts";
import { azureClientSecret, keyed } from "./keyed.ts";
import { keyParameter } from "./key_parameter.ts";
import { member } from "./member.ts";
import { pem } from "./pem.ts";
import { scheme } from "./scheme.ts";
import { awsAccessKeys, issuedTokens } from "./token_classes.ts";

/**
 * All built-in patterns. What they cover is united, so the order says only how they are listed. A new
 * class of tokens is one entry in token_classes.ts.
 */
export const BUILTIN_PATTERNS: readonly Pattern[] = [
  header,
  member,
  keyParameter,
  scheme,
  ...awsAccessKeys,
  jwt,
  pem,
  ...issuedTokens,
  slackWebhook,
  azureClientSecret,
  connectionUrl,
  keyed,
];
