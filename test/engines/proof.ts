import type { Device } from "./environment.ts";
import type { LayerName } from "./matrix.ts";
import type { Column, Report } from "./report.ts";
import { type Pool, ProbeError } from "./worker.ts";

/** What a proof works with. */
export interface Context {
  /** `quick` is what fits beside the other tests; `whole` is everything. */
  readonly scope: "quick" | "whole";
  readonly device: Device;
  /** Processes that a run may have: on GPUs NCCL takes one each. */
  readonly processes: number;
  readonly seed: number;
  /** A folder of this run. */
  readonly scratch: string;
  readonly report: Report;
  /** Workers of an environment, with those probes imported. They end with the proof. */
  readonly pool: (layers: readonly LayerName[], modules: readonly string[]) => Promise<Pool>;
  /** Variables and interpreter of an environment, for what is started as people start it. */
  readonly environment: (
    layers: readonly LayerName[],
  ) => Promise<{ readonly python: string; readonly variables: Readonly<Record<string, string>> }>;
}

/** One file a proof: what it shows, of which environments, and how. */
export interface Proof {
  /** The name under which `--only` finds it. */
  readonly id: string;
  readonly run: (context: Context) => Promise<void>;
}

/** Where something departs from what must hold; null where nothing does. */
export type Failure = string | null;

/** Runs checks side by side and puts each down; whatever is thrown is that check's failure. */
export async function checkAll<Case>(
  { report }: Context,
  where: string,
  proof: Column,
  cases: readonly Case[],
  nameOf: (each: Case) => string,
  check: (each: Case) => Promise<Failure>,
): Promise<void> {
  await Promise.all(
    cases.map(async (each) => {
      const failure = await check(each).catch(wordsOf);
      report.add({ where, proof, name: nameOf(each), failure });
    }),
  );
}

/** What was thrown, with the probe's own traceback. */
export const wordsOf = (error: unknown): string =>
  error instanceof ProbeError
    ? `${error.message}\n${error.details}`
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);

/** Of a control: null where the proof failed for the reason that `sign` describes. */
export const noticed = (failure: Failure, sign: RegExp): Failure =>
  failure === null ? "nothing was noticed" : sign.test(failure) ? null : `noticed for another reason: ${failure}`;

/** Relative to the peak: near the end of a cosine the rate itself is the difference of two nearly equal numbers. */
export const TOLERANCE = 1e-12;

/** The first place where two curves are further apart than `TOLERANCE` of the peak. */
export function curveFailure(real: readonly number[], expected: readonly number[], peak: number): Failure {
  if (real.length !== expected.length) return `${real.length} optimizer steps instead of ${expected.length}`;
  const at = real.findIndex((rate, k) => !(Math.abs(rate - (expected[k] as number)) <= TOLERANCE * peak));
  return at < 0 ? null : `at optimizer step ${at} the engine used ${real[at]}, expected ${expected[at]}`;
}
