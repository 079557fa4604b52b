import { compareVersions, parseVersion, showVersion, type Version } from "../core/version.ts";
import type { Pin } from "../readers/requirements.ts";
import type { Place } from "../readers/source.ts";

/** The version of a package as far as it is known: from a flag of the command, from a file of requirements, or not at all. */
export interface Pinned {
  readonly name: string;
  /** Whether every version that is allowed is this one or a later one. */
  readonly atLeast: (version: string) => boolean;
  /** Whether every version that is allowed comes before this one. */
  readonly below: (version: string) => boolean;
  /** Whether anything is known. */
  readonly known: boolean;
  /** The oldest version that is allowed, or else the newest; null where nothing is known. */
  readonly version: Version | null;
  /** Where the version is pinned. */
  readonly place: Place | null;
  /** As a person would say it: `4.36.2`, `>=4.36`; empty where nothing is known. */
  readonly text: string;
}

export function pinned(name: string, pin: Pin | null, said: string | undefined): Pinned {
  const exact = said === undefined ? null : parseVersion(said);
  const least = exact ?? pin?.least ?? null;
  const most = exact ?? pin?.most ?? null;
  const parse = (version: string): Version => parseVersion(version) as Version;
  return {
    name,
    atLeast: (version) => least !== null && compareVersions(least, parse(version)) >= 0,
    below: (version) => most !== null && compareVersions(most, parse(version)) < 0,
    version: least ?? most,
    known: least !== null || most !== null,
    place: exact === null ? (pin?.place ?? null) : null,
    text:
      exact !== null
        ? showVersion(exact)
        : (pin?.text.replace(/^[\w.-]+(?:\[[^\]]*\])?\s*/, "").replace(/^===?\s*/, "") ?? ""),
  };
}
