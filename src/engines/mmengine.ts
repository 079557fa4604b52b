import { type Built, buildScheduler, lengthOf, type SchedulerEntry, type TrainLoop } from "./mmengine-config.ts";
import { type Group, type MmScheduler, nextRate } from "./mmengine-schedulers.ts";
import type { EngineError } from "./outcome.ts";

export type { MmScheduler } from "./mmengine-schedulers.ts";

/** What a config makes of a schedule: everything that the learning rate depends on. */
export interface MmJob {
  /** `optimizer.lr` */
  readonly lr: number;
  readonly param_scheduler: readonly SchedulerEntry[];
  readonly train_cfg: TrainLoop;
  /** Batches of the dataloader, in each process. */
  readonly epochLength: number;
}

/** Where the run stops: while its loop or a scheduler is built, or when a scheduler is stepped after an iteration. */
export type MmFailure = { readonly error: EngineError } & (
  | { readonly at: "loop" }
  | { readonly at: "scheduler"; readonly index: number }
  | { readonly at: "iteration"; readonly index: number; readonly iteration: number }
);

export interface MmRun {
  /** The rate in force during every iteration that runs. */
  readonly rates: Float64Array;
  /** What stops the run; null where it comes to its end. */
  readonly failure: MmFailure | null;
}

/**
 * What mmengine does with a job, iteration by iteration. Schedulers that count iterations are stepped after each one;
 * those that count epochs after each epoch of an epoch-based loop, and at the very end, when it no longer matters, of one
 * that counts iterations (XTuner's `TrainLoop`).
 * Source: open-mmlab/mmengine mmengine/hooks/param_scheduler_hook.py, mmengine/runner/loops.py (0.10.7).
 */
export function mmengineRun({ lr, param_scheduler: entries, train_cfg: loop, epochLength }: MmJob): MmRun {
  const none = new Float64Array(0);
  const length = lengthOf(loop, epochLength);
  if (!length.ok) return { rates: none, failure: { at: "loop", error: length.error } };
  const { iterations } = length.value;
  const group: Group = { lr, initial: null, max: 0, min: 0 };
  const stepped: Stepped[] = [];
  for (const [index, entry] of entries.entries()) {
    const built = buildScheduler(entry, length.value, epochLength);
    const error = built.ok ? add(stepped, built.value, group) : built.error;
    if (error !== null) return { rates: none, failure: { at: "scheduler", index, error } };
  }
  const rates = new Float64Array(iterations);
  for (let iteration = 0; iteration < iterations; iteration++) {
    rates[iteration] = group.lr;
    const epochEnds = (iteration + 1) % (length.value.epochLength ?? iterations) === 0;
    for (const byEpoch of epochEnds ? [false, true] : [false]) {
      for (const [index, each] of stepped.entries()) {
        const error = each.byEpoch === byEpoch ? step(each, group) : null;
        if (error !== null) {
          return { rates: rates.slice(0, iteration + 1), failure: { at: "iteration", index, iteration, error } };
        }
      }
    }
  }
  return { rates, failure: null };
}

/**
 * The learning rate in force during each of `iterations` iterations under schedulers that count them, as long as none
 * fails. Gaps between windows hold the last value, overlaps compound.
 */
export function mmengineLearningRates(
  schedulers: readonly MmScheduler[],
  baseLr: number,
  iterations: number,
): Float64Array {
  const entries = schedulers.map((scheduler): SchedulerEntry => ({ ...scheduler, by_epoch: false }));
  const train_cfg = { type: "IterBasedTrainLoop", max_iters: iterations } as const;
  return mmengineRun({ lr: baseLr, param_scheduler: entries, train_cfg, epochLength: iterations }).rates;
}

/**
 * The iterations at whose end the weights are updated, with the rate in force during them. mmengine itself also updates
 * at the last one; DeepSpeed drops an incomplete group, and carries it nowhere.
 * Source: open-mmlab/mmengine mmengine/optim/optimizer/optimizer_wrapper.py; deepspeedai/DeepSpeed
 * deepspeed/runtime/engine.py, `is_gradient_accumulation_boundary`.
 */
export function updateIterations(
  iterations: number,
  accumulation: number,
  engine: "mmengine" | "deepspeed",
): readonly number[] {
  const groups = Math.floor(iterations / accumulation);
  const updates = Array.from({ length: groups }, (_, k) => (k + 1) * accumulation - 1);
  return engine === "mmengine" && groups * accumulation < iterations ? [...updates, iterations - 1] : updates;
}

/** A scheduler with its two counters: the steps it has seen, and those of its window. */
interface Stepped extends Built {
  seen: number;
  inside: number;
  /** The parameter group's first rate, as the scheduler found it. */
  readonly base: number;
}

/** Builds a scheduler onto the group, which steps it once. */
function add(stepped: Stepped[], built: Built, group: Group): EngineError | null {
  const { scheduler } = built;
  if (scheduler.type === "OneCycleLR") {
    group.initial = scheduler.eta_max / scheduler.div_factor;
    group.max = scheduler.eta_max;
    group.min = group.initial / scheduler.final_div_factor;
  }
  group.initial ??= group.lr;
  const each: Stepped = { ...built, seen: -1, inside: -1, base: group.initial };
  stepped.push(each);
  return step(each, group);
}

function step(each: Stepped, group: Group): EngineError | null {
  const { scheduler } = each;
  each.seen += 1;
  if (each.seen < scheduler.begin || each.seen >= scheduler.end) return null;
  each.inside += 1;
  const rate = nextRate(scheduler, each.inside, group, each.base);
  if (!rate.ok) return rate.error;
  group.lr = rate.value;
  return null;
}
