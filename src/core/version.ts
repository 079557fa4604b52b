/** A released version as three numbers; what stands behind them (rc, post, local) does not decide anything here. */
export type Version = readonly [major: number, minor: number, patch: number];

const form = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?$/;

/** Reads `4.57.6`, `4.57` or `v4.57`; null for anything else. */
export function parseVersion(text: string): Version | null {
  const match = form.exec(text.trim());
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Negative, zero or positive, as `a` comes before, equals or comes after `b`. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Whether `version` is `least` (`"4.51"`) or later. `least` is written in our own source, so it always parses. */
export function atLeast(version: Version, least: string): boolean {
  return compareVersions(version, parseVersion(least) as Version) >= 0;
}

export const showVersion = (version: Version): string => version.join(".");
