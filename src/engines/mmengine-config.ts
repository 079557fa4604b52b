import type { MmScheduler } from "./mmengine-schedulers.ts";
import { ok, type Outcome, raises } from "./outcome.ts";

/**
 * A `param_scheduler` entry as a config holds it, of the classes that move a learning rate. What is left out is mmengine's
 * default; `end` is the length of the loop then. Source: open-mmlab/mmengine mmengine/optim/scheduler/lr_scheduler.py (0.10.7).
 */
export type SchedulerEntry = {
  readonly begin?: number | undefined;
  readonly end?: number | undefined;
  /** True unless given. */
  readonly by_epoch?: boolean | undefined;
  readonly convert_to_iter_based?: boolean | undefined;
} & (
  | { readonly type: "ConstantLR"; readonly factor?: number | undefined }
  | ({ readonly type: "CosineAnnealingLR"; readonly T_max?: number | undefined } & Floors)
  | ({
      readonly type: "CosineRestartLR";
      readonly periods: readonly number[];
      readonly restart_weights?: readonly number[] | undefined;
    } & Floors)
  | { readonly type: "ExponentialLR"; readonly gamma: number }
  | { readonly type: "LinearLR"; readonly start_factor?: number | undefined; readonly end_factor?: number | undefined }
  | { readonly type: "MultiStepLR"; readonly milestones: readonly number[]; readonly gamma?: number | undefined }
  | {
      readonly type: "OneCycleLR";
      readonly eta_max?: number | undefined;
      readonly total_steps?: number | undefined;
      readonly pct_start?: number | undefined;
      readonly anneal_strategy?: "cos" | "linear" | undefined;
      readonly div_factor?: number | undefined;
      readonly final_div_factor?: number | undefined;
      readonly three_phase?: boolean | undefined;
    }
  | { readonly type: "PolyLR"; readonly power?: number | undefined; readonly eta_min?: number | undefined }
  | { readonly type: "ReduceOnPlateauLR"; readonly factor?: number | undefined }
  | { readonly type: "StepLR"; readonly step_size: number; readonly gamma?: number | undefined }
);

interface Floors {
  readonly eta_min?: number | undefined;
  readonly eta_min_ratio?: number | undefined;
}

/** A loop as `train_cfg` names it; `TrainLoop` is XTuner's, and takes exactly one of its two lengths. */
export type TrainLoop =
  | { readonly type: "EpochBasedTrainLoop"; readonly max_epochs: number }
  | { readonly type: "IterBasedTrainLoop"; readonly max_iters: number }
  | { readonly type: "TrainLoop"; readonly max_iters?: number | undefined; readonly max_epochs?: number | undefined };

/** A loop whose length is known. */
export interface Length {
  readonly iterations: number;
  /**
   * What a scheduler that counts epochs ends at by default. 1 for a loop that counts iterations, however many epochs it
   * runs: that is why a cosine with `T_max` and no `end` stops after the first epoch.
   */
  readonly epochs: number;
  /** Iterations after which schedulers that count epochs are stepped; null where that is the end of the run only. */
  readonly epochLength: number | null;
}

/**
 * How long a loop runs on a dataloader of `epochLength` batches.
 * Source: open-mmlab/mmengine mmengine/runner/loops.py (0.10.7); InternLM/xtuner xtuner/engine/runner/loops.py (v0.2.0).
 */
export function lengthOf(loop: TrainLoop, epochLength: number): Outcome<Length> {
  switch (loop.type) {
    case "EpochBasedTrainLoop": {
      const { max_epochs: epochs } = loop;
      if (!Number.isInteger(epochs)) return raises("AssertionError", "`max_epochs` should be a integer number");
      return ok({ iterations: Math.max(0, epochs) * epochLength, epochs, epochLength });
    }
    case "IterBasedTrainLoop":
      return inIterations(loop.max_iters);
    case "TrainLoop": {
      const { max_iters: iterations, max_epochs: epochs } = loop;
      if (iterations === undefined) {
        return epochs === undefined
          ? raises("RuntimeError", "Please specify the `max_iters` or `max_epochs`")
          : inIterations(epochs * epochLength);
      }
      return epochs === undefined
        ? inIterations(iterations)
        : raises("RuntimeError", "Only one of `max_iters` or `max_epochs`");
    }
  }
}

function inIterations(iterations: number): Outcome<Length> {
  return Number.isInteger(iterations)
    ? ok({ iterations: Math.max(0, iterations), epochs: 1, epochLength: null })
    : raises("AssertionError", "`max_iters` should be a integer number");
}

/** mmengine's "no end". */
const INF = 1e9;

/** A scheduler and what it counts. */
export interface Built {
  readonly scheduler: MmScheduler;
  readonly byEpoch: boolean;
}

/**
 * The scheduler that mmengine's runners build of an entry: missing ends are filled, epochs turned into iterations
 * (`begin` and `end` are cut down to whole ones, periods are not), and what the classes refuse is refused.
 * Source: open-mmlab/mmengine mmengine/runner/runner.py `_build_param_scheduler`, mmengine/registry/build_functions.py,
 * mmengine/optim/scheduler/param_scheduler.py (0.10.7).
 */
export function buildScheduler(entry: SchedulerEntry, length: Length, epochLength: number): Outcome<Built> {
  const { by_epoch: byEpoch = true, convert_to_iter_based: converts = false } = entry;
  if (converts && !byEpoch) return raises("AssertionError", "Only epoch-based parameter scheduler can be converted");
  if (converts && entry.type === "ReduceOnPlateauLR") return raises("AttributeError", "build_iter_from_epoch");
  const begin = entry.begin ?? 0;
  const end = entry.end ?? (byEpoch ? length.epochs : length.iterations);
  const whole = (value: number): number => Math.trunc(value * epochLength);
  const window = converts ? { begin: whole(begin), end: end === INF ? INF : whole(end) } : { begin, end };
  const scheduler = withDefaults(entry, window, converts ? epochLength : 1);
  if (!scheduler.ok) return scheduler;
  if (window.end <= window.begin) return raises("ValueError", "end should be larger than begin");
  if (entry.type === "ReduceOnPlateauLR") {
    if (!byEpoch) return raises("AssertionError", "only support by_epoch=True");
    if (entry.factor !== undefined && entry.factor >= 1) return raises("ValueError", "Factor should be < 1.0.");
  }
  return ok({ scheduler: scheduler.value, byEpoch: byEpoch && !converts });
}

interface Window {
  readonly begin: number;
  readonly end: number;
}

/** The entry with every default filled and every length in the scheduler's steps; what the class checks before its window. */
function withDefaults(entry: SchedulerEntry, window: Window, scale: number): Outcome<MmScheduler> {
  switch (entry.type) {
    case "ConstantLR": {
      const { type, factor = 1 / 3 } = entry;
      return isShare(factor) ? ok({ type, factor, ...window }) : raises("ValueError", "should between 0 and 1");
    }
    case "CosineAnnealingLR": {
      const { type, T_max } = entry;
      if (entry.eta_min !== undefined && entry.eta_min_ratio !== undefined) {
        return raises("AssertionError", "Either `eta_min` or `eta_min_ratio should be specified");
      }
      return ok({ type, ...(T_max === undefined ? {} : { T_max: T_max * scale }), ...floor(entry), ...window });
    }
    case "CosineRestartLR": {
      const { type, periods, restart_weights = [1], eta_min, eta_min_ratio } = entry;
      // Unlike the class above, this one has no default for them, and no words for the refusal.
      if ((eta_min === undefined) === (eta_min_ratio === undefined)) return raises("AssertionError", "");
      if (periods.length !== restart_weights.length) return raises("AssertionError", "should have the same length");
      return ok({
        type,
        periods: periods.map((period) => period * scale),
        restart_weights,
        ...floor(entry),
        ...window,
      });
    }
    case "ExponentialLR":
      return ok({ type: entry.type, gamma: entry.gamma, ...window });
    case "LinearLR": {
      const { type, start_factor = 1 / 3, end_factor = 1 } = entry;
      if (!isShare(start_factor)) return raises("ValueError", "Starting multiplicative factor should between 0 and 1");
      if (!isShare(end_factor)) return raises("ValueError", "Ending multiplicative factor should between 0 and 1");
      return ok({ type, start_factor, end_factor, ...window });
    }
    case "MultiStepLR": {
      const { type, milestones, gamma = 0.1 } = entry;
      return ok({ type, milestones: milestones.map((milestone) => milestone * scale), gamma, ...window });
    }
    case "OneCycleLR":
      return oneCycle(entry, window, scale);
    case "PolyLR": {
      const { type, power = 1, eta_min = 0 } = entry;
      return ok({ type, power, eta_min, ...window });
    }
    case "ReduceOnPlateauLR":
      return ok({ type: entry.type, ...window });
    case "StepLR":
      return ok({ type: entry.type, step_size: entry.step_size * scale, gamma: entry.gamma ?? 0.1, ...window });
  }
}

type OneCycle = Extract<SchedulerEntry, { readonly type: "OneCycleLR" }>;

function oneCycle(entry: OneCycle, window: Window, scale: number): Outcome<MmScheduler> {
  const { type, eta_max = 0, pct_start = 0.3, anneal_strategy = "cos", three_phase = false } = entry;
  const { total_steps: steps, div_factor = 25, final_div_factor = 1e4 } = entry;
  // A fraction stays a float when it is multiplied to a whole number, and floats are refused.
  if (steps !== undefined && (steps <= 0 || !Number.isInteger(steps))) {
    return raises("ValueError", "Expected positive integer total_steps");
  }
  // A share that is written as an integer is refused, too; here 0 and 1 stand for 0.0 and 1.0.
  if (!isShare(pct_start)) return raises("ValueError", "Expected float between 0 and 1 pct_start");
  if (div_factor === 0 || final_div_factor === 0) return raises("ZeroDivisionError", "division by zero");
  const total_steps = steps === undefined ? window.end - window.begin : steps * scale;
  return ok({
    type,
    eta_max,
    total_steps,
    pct_start,
    anneal_strategy,
    div_factor,
    final_div_factor,
    three_phase,
    ...window,
  });
}

const isShare = (value: number): boolean => value >= 0 && value <= 1;

const floor = ({ eta_min, eta_min_ratio }: Floors): { eta_min: number } | { eta_min_ratio: number } =>
  eta_min_ratio === undefined ? { eta_min: eta_min ?? 0 } : { eta_min_ratio };
