declare const __NOMOS_VERSION__: string | undefined;
declare const __NOMOS_COMMIT__: string | undefined;
declare const __NOMOS_BUILD_DATE__: string | undefined;

/** What was stamped into this build; from source, a build that says so. */
export const BUILD = {
  version: typeof __NOMOS_VERSION__ === "string" ? __NOMOS_VERSION__ : "0.1.0-dev",
  commit: typeof __NOMOS_COMMIT__ === "string" ? __NOMOS_COMMIT__ : "source",
  build_date: typeof __NOMOS_BUILD_DATE__ === "string" ? __NOMOS_BUILD_DATE__ : "unknown",
} as const;
