import type { Context, Job } from "../jobs/job.ts";
import type { Place, Range, Source } from "../readers/source.ts";

/** A sentence in both languages. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/**
 * `error`: the run fails, or trains differently than asked. `warning`: known to bite under the stated conditions. `info`:
 * worth knowing.
 */
export type Severity = "error" | "warning" | "info";

export interface Edit {
  readonly source: Source;
  readonly range: Range;
  readonly text: string;
}

/** The learning rate that was asked for and the one that runs, by optimizer step from 0. */
export interface Curves {
  readonly total: number;
  readonly asked: (step: number) => number;
  readonly runs: (step: number) => number;
}

/** A pitfall that stands in a job. */
export interface Hit {
  /** Where it is mended; a key that is missing is named at the place where it belongs. */
  readonly at: Place;
  /** The other side of a contradiction. Each place is a finding of its own, so that an editor shows both. */
  readonly also?: readonly Place[] | undefined;
  /** What is wrong here, with the values that stand there. */
  readonly says: Text;
  /** Where it differs from the pitfall's own. */
  readonly severity?: Severity | undefined;
  /** The smallest change that mends it; left out where a person has to decide. */
  readonly fix?: readonly Edit[] | undefined;
  readonly curves?: Curves | undefined;
}

/** Files that show a pitfall, or its right form: the pitfall's tests and its documentation. */
export interface Example {
  readonly files: Readonly<Record<string, string>>;
  readonly context?: Context;
}

export interface Pitfall {
  /** Permanent: never given to another pitfall. */
  readonly code: string;
  /** The name that people use; permanent as well. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: Text;
  /** What happens, and why. */
  readonly why: Text;
  /** What to write instead. */
  readonly fix: Text;
  /** The versions that it depends on; left out where it holds for all. */
  readonly versions?: Text;
  /** `owner/repo#thread` and `owner/repo:path`. */
  readonly sources: readonly string[];
  /** What the engines print when it bites. */
  readonly logs?: readonly RegExp[];
  readonly find: (job: Job) => Iterable<Hit>;
  readonly bad: readonly Example[];
  readonly good: readonly Example[];
}
