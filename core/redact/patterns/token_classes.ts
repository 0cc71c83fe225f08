import { ALNUM, DASHED, UPPER_DIGIT, URL_SAFE, WORD } from "../charset.ts";
import type { Pattern } from "../scan.ts";
import { type TokenClass, tokenPattern } from "./token.ts";

/** Access keys of AWS; the permanent ones and the temporary ones. */
export const awsAccessKeys: readonly Pattern[] = ["AKIA", "ASIA"].map((prefix) =>
  tokenPattern(`aws-${prefix.toLowerCase()}`, `An AWS access key id (${prefix}…)`, {
    prefix,
    anchor: 2,
    set: UPPER_DIGIT,
    min: 16,
  })
);

/** Classes that differ in nothing but their prefix, whose last character is the anchor. */
function family(
  id: string,
  prefixes: readonly string[],
  rest: Omit<TokenClass, "prefix" | "anchor">,
): Pattern[] {
  return prefixes.map((prefix) =>
    tokenPattern(`${id}:${prefix}`, `A token of ${id} (${prefix}…)`, {
      prefix,
      anchor: prefix.length - 1,
      ...rest,
    })
  );
}

/** Tokens whose issuers gave them a prefix so that scanners can find them. */
export const issuedTokens: readonly Pattern[] = [
  ...family("github", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], { set: WORD, min: 30 }),
  ...family("github", ["github_pat_"], { set: WORD, min: 30 }),
  ...family(
    "gitlab",
    [
      "glpat-",
      "gloas-",
      "gldt-",
      "glrt-",
      "glrtr-",
      "glcbt-",
      "glptt-",
      "glft-",
      "glimt-",
      "glagent-",
      "glsoat-",
      "glffct-",
    ],
    { set: URL_SAFE, min: 20, dotted: true },
  ),
  ...family(
    "slack",
    ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxc-", "xoxd-", "xoxe-", "xapp-"],
    { set: DASHED, min: 10, mixedWithin: 24 },
  ),
  ...family("stripe", ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"], {
    set: ALNUM,
    min: 16,
  }),
  ...family("google", ["GOCSPX-"], { set: URL_SAFE, min: 20 }),
  tokenPattern("google:AIza", "A Google API key (AIza…)", {
    prefix: "AIza",
    anchor: 2,
    set: URL_SAFE,
    min: 30,
  }),
  tokenPattern("google:ya29", "A Google OAuth access token (ya29.…)", {
    prefix: "ya29.",
    anchor: 3,
    set: URL_SAFE,
    min: 20,
    dotted: true,
  }),
  ...family("npm", ["npm_"], { set: ALNUM, min: 30 }),
  ...family("pypi", ["pypi-"], { set: URL_SAFE, min: 60 }),
  ...family("docker", ["dckr_pat_"], { set: URL_SAFE, min: 20 }),
  ...family("hugging-face", ["hf_"], { set: ALNUM, min: 30 }),
  ...family("model-provider", ["sk-ant-", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-"], {
    set: URL_SAFE,
    min: 20,
    bounded: true,
    mixedWithin: 24,
  }),
  tokenPattern("model-provider:sk-", "An API key of a model provider (sk- and 32 characters)", {
    prefix: "sk-",
    anchor: 2,
    set: ALNUM,
    min: 32,
    bounded: true,
  }),
  tokenPattern("age", "A secret key of age (AGE-SECRET-KEY-1…)", {
    prefix: "AGE-SECRET-KEY-1",
    anchor: 3,
    set: UPPER_DIGIT,
    min: 40,
  }),
];
