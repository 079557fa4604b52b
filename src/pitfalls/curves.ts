import { curveOf, learningRate, type Shape, type Warmup } from "../core/plan/schedule.ts";
import { steps } from "../core/units.ts";
import { deepSpeedLearningRate } from "../engines/deepspeed.ts";
import type { Job } from "../jobs/job.ts";
import type { Curves } from "./pitfall.ts";

/** Steps of a run whose length the files don't tell. */
const NOMINAL = 1000;

/** What the arguments ask for, and what DeepSpeed's block runs; undefined where the engines' models don't know one of them. */
export function schedulerCurves(job: Job, wanted: string, type: string): Curves | undefined {
  const { args } = job;
  const peakLr = args?.number("learning_rate");
  const shape = SHAPES[wanted];
  if (args === null || peakLr === undefined || peakLr <= 0 || shape === undefined) return undefined;
  if (type !== "WarmupLR" && type !== "WarmupDecayLR" && type !== "WarmupCosineLR") return undefined;
  const max = args.number("max_steps");
  const total = max !== undefined && max > 0 ? Math.trunc(max) : NOMINAL;
  const warmup = warmupOf(args.number("warmup_steps"), args.number("warmup_ratio"));
  const curve = curveOf({ peakLr, shape, warmup, owner: { kind: "trainer" } }, steps(total));
  const filled =
    warmup.kind === "none"
      ? 0
      : curveOf({ peakLr, shape: { name: "linear" }, warmup, owner: { kind: "trainer" } }, steps(total)).warmup;
  const block = {
    type,
    peakLr,
    warmup: job.ds?.doc.number("scheduler.params.warmup_num_steps") ?? filled,
    total,
    cosMinRatio: job.ds?.doc.number("scheduler.params.cos_min_ratio") ?? 1e-4,
  } as const;
  return { total, asked: (step) => learningRate(curve, step), runs: (step) => deepSpeedLearningRate(block, step) };
}

function warmupOf(count: number | undefined, ratio: number | undefined): Warmup {
  if (count !== undefined && count >= 1) return { kind: "steps", steps: steps(Math.trunc(count)) };
  const share = count !== undefined && count > 0 ? count : ratio;
  return share !== undefined && share > 0 && share < 1 ? { kind: "ratio", ratio: share } : { kind: "none" };
}

const SHAPES: Readonly<Record<string, Shape>> = {
  cosine: { name: "cosine" },
  linear: { name: "linear" },
  constant: { name: "constant" },
  constant_with_warmup: { name: "constant_with_warmup" },
  inverse_sqrt: { name: "inverse_sqrt" },
};
