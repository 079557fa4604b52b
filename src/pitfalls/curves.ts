import { newestKnownGood } from "../catalog/versions.ts";
import { parseVersion, type Version } from "../core/version.ts";
import { type TrainerRun, trainerRunRate, type WrittenBlock } from "../engines/trainer.ts";
import { trainerRate } from "../engines/transformers.ts";
import type { Job } from "../jobs/job.ts";
import type { Curves } from "./pitfall.ts";

/** Steps of a run whose length the files don't tell. */
const NOMINAL = 1000;

/**
 * What the arguments ask for, and what the Trainer under DeepSpeed runs with both files as they are; undefined where the
 * files don't tell the rate, or an engine would stop.
 */
export function schedulerCurves(job: Job, wanted: string): Curves | undefined {
  const { args } = job;
  const lr = args?.number("learning_rate");
  if (args === null || lr === undefined || lr <= 0) return undefined;
  const max = args.number("max_steps");
  const total = max !== undefined && max > 0 ? Math.trunc(max) : NOMINAL;
  const warmup = warmupOf(args.number("warmup_steps"), args.number("warmup_ratio"), total);
  const version = versionOf(job, "transformers");
  const asked = trainerRate({ name: wanted, kwargs: {}, lr, warmup, total, deepspeed: false, version });
  const run: TrainerRun = {
    learningRate: lr,
    schedulerType: wanted,
    schedulerKwargs: {},
    warmup,
    total,
    optimizerBlock: blockOf(job, "optimizer"),
    schedulerBlock: blockOf(job, "scheduler"),
    transformers: version,
    deepspeed: versionOf(job, "deepspeed"),
  };
  const runs = trainerRunRate(run);
  return asked.ok && runs.ok
    ? { total, asked: (step) => asked.value(step), runs: (step) => runs.value(step) }
    : undefined;
}

/** The version that the job names, or the newest that is known. */
const versionOf = (job: Job, engine: "transformers" | "deepspeed"): Version =>
  job.version(engine).version ?? (parseVersion(newestKnownGood[engine]) as Version);

function blockOf({ ds }: Job, name: "optimizer" | "scheduler"): WrittenBlock | null {
  const type = ds?.doc.text(`${name}.type`);
  if (ds === null || type === undefined) return null;
  const entries = ds.doc
    .entries(`${name}.params`)
    .map(({ key, value }) => [key, value.kind === "scalar" ? value.value : null]);
  return { type, params: Object.fromEntries(entries) as WrittenBlock["params"] };
}

/** Warm-up in steps, from a count or a ratio; a fraction in `warmup_steps` is a ratio. */
function warmupOf(count: number | undefined, ratio: number | undefined, total: number): number {
  if (count !== undefined && count >= 1) return Math.trunc(count);
  const share = count !== undefined && count > 0 ? count : ratio;
  return share !== undefined && share > 0 && share < 1 ? Math.ceil(total * share) : 0;
}
