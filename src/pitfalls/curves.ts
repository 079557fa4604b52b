import { newestKnownGood } from "../catalog/versions.ts";
import { parseVersion, type Version } from "../core/version.ts";
import { deepSpeedRate } from "../engines/deepspeed.ts";
import type { Outcome, Rate } from "../engines/outcome.ts";
import { type TrainerRun, trainerRunRate, type WrittenBlock } from "../engines/trainer.ts";
import { trainerRate } from "../engines/transformers.ts";
import type { Job } from "../jobs/job.ts";
import type { Curves } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

/** Steps of a run whose length the files don't tell. */
const NOMINAL = 1000;

/** Nobody looks at a longer run in a terminal's width more closely. */
const LONGEST = 10_000_000;

/**
 * What the arguments ask for, and what the Trainer under DeepSpeed runs with both files as they are; undefined where the
 * files don't tell the rate, or an engine would stop.
 */
export function schedulerCurves(job: Job, wanted: string): Curves | undefined {
  const run = trainerRun(job, wanted);
  if (run === undefined) return undefined;
  const { learningRate: lr, warmup, total, transformers: version } = run;
  const asked = trainerRate({ name: wanted, kwargs: {}, lr, warmup, total, deepspeed: false, version });
  return drawn(total, asked, trainerRunRate(run));
}

/** The same of a Trainer without a `scheduler` block: the schedule that is meant, and the one that its name stands for. */
export function namedCurves(job: Job, meant: string, named: string): Curves | undefined {
  const run = trainerRun(job, meant);
  if (run === undefined) return undefined;
  const { learningRate: lr, warmup, total, transformers: version } = run;
  const rate = (name: string): Outcome<Rate> =>
    trainerRate({ name, kwargs: {}, lr, warmup, total, deepspeed: false, version });
  return drawn(total, rate(meant), rate(named));
}

/** What the blocks would run with other parameters, by block. */
export interface Meant {
  readonly optimizer?: Readonly<Record<string, unknown>>;
  readonly scheduler?: Readonly<Record<string, unknown>>;
  /** The parameter group whose rate is shown: 1 holds biases and norms. */
  readonly group?: number;
}

/**
 * A DeepSpeed config with the parameters that were meant against the config as it stands, run by the Trainer or by
 * DeepSpeed alone; undefined where the files don't tell the rate, or an engine would stop.
 */
export function blockCurves(job: Job, { optimizer = {}, scheduler = {}, group = 0 }: Meant): Curves | undefined {
  const put = (block: WrittenBlock | null, params: object): WrittenBlock | null =>
    block === null ? null : { ...block, params: { ...block.params, ...params } };
  if (byTrainer(job)) {
    const wanted = job.args?.text("lr_scheduler_type") ?? "linear";
    const run = trainerRun(job, wanted);
    if (run === undefined) return undefined;
    const meant = {
      ...run,
      optimizerBlock: put(run.optimizerBlock, optimizer),
      schedulerBlock: put(run.schedulerBlock, scheduler),
    };
    return drawn(run.total, trainerRunRate(meant), trainerRunRate(run), group);
  }
  const block = blockOf(job, "scheduler");
  const written = blockOf(job, "optimizer")?.params["lr"] ?? 1e-3;
  const stands = block === null || Object.values(block.params).includes("auto") ? null : block;
  if (stands === null || typeof written !== "number") return undefined;
  const context = { lr: written, version: versionOf(job, "deepspeed") };
  const meant = put(stands, scheduler) as WrittenBlock;
  return drawn(totalOf(job), deepSpeedRate(meant, context), deepSpeedRate(stands, context), group);
}

function drawn(total: number, asked: Outcome<Rate>, runs: Outcome<Rate>, group = 0): Curves | undefined {
  if (!asked.ok || !runs.ok) return undefined;
  const ends = [0, total >> 1, total - 1].flatMap((step) => [asked.value(step, group), runs.value(step, group)]);
  if (!ends.every(Number.isFinite)) return undefined;
  return { total, asked: (step) => asked.value(step, group), runs: (step) => runs.value(step, group) };
}

/** The Trainer's run as the files have it; undefined where they don't tell its rate. */
function trainerRun(job: Job, schedulerType: string): TrainerRun | undefined {
  const lr = job.args?.number("learning_rate");
  if (job.args === null || lr === undefined || lr <= 0) return undefined;
  const total = totalOf(job);
  const schedulerBlock = blockOf(job, "scheduler");
  const literal = schedulerBlock?.params["warmup_num_steps"];
  const warmup = warmupOf(job.args.number("warmup_steps"), job.args.number("warmup_ratio"), total);
  return {
    learningRate: lr,
    schedulerType,
    schedulerKwargs: {},
    // A share of a run whose length is not known is taken as what the other file says of it.
    warmup: typeof literal === "number" && job.args.has("warmup_ratio") ? literal : warmup,
    total,
    optimizerBlock: blockOf(job, "optimizer"),
    schedulerBlock,
    transformers: versionOf(job, "transformers"),
    deepspeed: versionOf(job, "deepspeed"),
  };
}

/** Optimizer steps of the run, or of one that is long enough to show its warm-up. */
function totalOf({ args, ds }: Job): number {
  const whole = (value: number | undefined): number | null =>
    value !== undefined && value >= 2 && value <= LONGEST ? Math.trunc(value) : null;
  const warmup = Math.max(
    args?.number("warmup_steps") ?? 0,
    ds?.doc.number("scheduler.params.warmup_num_steps") ?? 0,
    0,
  );
  return (
    whole(args?.number("max_steps")) ??
    whole(ds?.doc.number("scheduler.params.total_num_steps")) ??
    Math.min(LONGEST, Math.max(NOMINAL, Math.ceil(5 * warmup)))
  );
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
