import type { MiddlewareHandler } from "hono";
import type { HttpEnv } from "../route.ts";

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const COMMON: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** What every answer carries: of a page, which loads nothing but its own files; or of its data, kept by nobody. */
export const SECURITY_HEADERS: Readonly<
  Record<"page" | "data", Readonly<Record<string, string>>>
> = {
  page: { ...COMMON, "content-security-policy": PAGE_POLICY },
  data: {
    ...COMMON,
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
  },
};

/** Adds the security headers to every answer, errors included. */
export function securityHeaders(kind: keyof typeof SECURITY_HEADERS): MiddlewareHandler<HttpEnv> {
  const headers = Object.entries(SECURITY_HEADERS[kind]);
  return async (c, next) => {
    await next();
    for (const [name, value] of headers) c.res.headers.set(name, value);
  };
}
