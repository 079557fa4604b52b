import type { MmError } from "./mmengine-errors.ts";
import type { MmScheduler } from "./mmengine-schedulers.ts";

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
export function lengthOf(loop: TrainLoop, epochLength: number): Length | MmError {
  switch (loop.type) {
    case "EpochBasedTrainLoop": {
      const { max_epochs: epochs } = loop;
      if (!Number.isInteger(epochs)) return { code: "length-not-whole", parameter: "max_epochs", value: epochs };
      return { iterations: Math.max(0, epochs) * epochLength, epochs, epochLength };
    }
    case "IterBasedTrainLoop":
      return inIterations(loop.max_iters);
    case "TrainLoop": {
      const { max_iters: iterations, max_epochs: epochs } = loop;
      if (iterations === undefined) {
        return epochs === undefined ? { code: "one-length", given: 0 } : inIterations(epochs * epochLength);
      }
      return epochs === undefined ? inIterations(iterations) : { code: "one-length", given: 2 };
    }
  }
}

function inIterations(iterations: number): Length | MmError {
  return Number.isInteger(iterations)
    ? { iterations, epochs: 1, epochLength: null }
    : { code: "length-not-whole", parameter: "max_iters", value: iterations };
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
export function buildScheduler(entry: SchedulerEntry, length: Length, epochLength: number): Built | MmError {
  const { by_epoch: byEpoch = true, convert_to_iter_based: converts = false } = entry;
  if (converts && !byEpoch) return { code: "converts-iterations" };
  if (converts && entry.type === "ReduceOnPlateauLR") return { code: "never-converts" };
  const given = { begin: entry.begin ?? 0, end: entry.end ?? (byEpoch ? length.epochs : length.iterations) };
  const scale = converts ? epochLength : 1;
  const window = converts
    ? { begin: Math.trunc(given.begin * scale), end: given.end === INF ? INF : Math.trunc(given.end * scale) }
    : given;
  const scheduler = withDefaults(entry, window, scale);
  if ("code" in scheduler) return scheduler;
  if (window.end <= window.begin) return { code: "window-empty", ...window };
  if (scheduler.type === "ReduceOnPlateauLR") {
    if (!byEpoch) return { code: "epochs-only" };
    if (scheduler.factor >= 1) return { code: "factor-not-below-one", value: scheduler.factor };
  }
  return { scheduler, byEpoch: byEpoch && !converts };
}

type Span = { readonly begin: number; readonly end: number };

/** The entry with every default filled and every length in the scheduler's steps; what the class checks before its window. */
function withDefaults(entry: SchedulerEntry, window: Span, scale: number): MmScheduler | MmError {
  switch (entry.type) {
    case "ConstantLR": {
      const { type, factor = 1 / 3 } = entry;
      return outside("factor", factor) ?? { type, factor, ...window };
    }
    case "CosineAnnealingLR": {
      const { type, T_max } = entry;
      if (entry.eta_min !== undefined && entry.eta_min_ratio !== undefined) return { code: "two-floors" };
      const span = T_max === undefined ? {} : { T_max: T_max * scale };
      return { type, ...span, ...floor(entry), ...window };
    }
    case "CosineRestartLR": {
      const { type, periods, restart_weights = [1], eta_min, eta_min_ratio } = entry;
      if (eta_min === undefined && eta_min_ratio === undefined) return { code: "no-floor" };
      if (eta_min !== undefined && eta_min_ratio !== undefined) return { code: "two-floors" };
      if (periods.length !== restart_weights.length) {
        return { code: "periods-and-weights", periods: periods.length, weights: restart_weights.length };
      }
      return { type, periods: periods.map((period) => period * scale), restart_weights, ...floor(entry), ...window };
    }
    case "ExponentialLR":
      return { type: entry.type, gamma: entry.gamma, ...window };
    case "LinearLR": {
      const { type, start_factor = 1 / 3, end_factor = 1 } = entry;
      return outside("start_factor", start_factor) ?? outside("end_factor", end_factor) ?? { type, start_factor, end_factor, ...window };
    }
    case "MultiStepLR": {
      const { type, milestones, gamma = 0.1 } = entry;
      return { type, milestones: milestones.map((milestone) => milestone * scale), gamma, ...window };
    }
    case "OneCycleLR":
      return oneCycle(entry, window, scale);
    case "PolyLR": {
      const { type, power = 1, eta_min = 0 } = entry;
      return { type, power, eta_min, ...window };
    }
    case "ReduceOnPlateauLR":
      return { type: entry.type, factor: entry.factor ?? 0.1, ...window };
    case "StepLR":
      return { type: entry.type, step_size: entry.step_size * scale, gamma: entry.gamma ?? 0.1, ...window };
  }
}

function oneCycle(entry: SchedulerEntry & { type: "OneCycleLR" }, window: Span, scale: number): MmScheduler | MmError {
  const { type, eta_max = 0, pct_start = 0.3, anneal_strategy = "cos", div_factor = 25, final_div_factor = 1e4, three_phase = false } = entry;
  const { total_steps: steps } = entry;
  const total = steps === undefined ? null : steps * scale;
  // A fraction stays a float when it is multiplied to a whole number, and floats are refused.
  if (total !== null && (total <= 0 || !Number.isInteger(steps))) return { code: "total-steps", value: total };
  // A share that is written as an integer is refused, too; here 0 and 1 stand for 0.0 and 1.0.
  if (pct_start < 0 || pct_start > 1) return { code: "pct-start", value: pct_start };
  if (div_factor === 0 || final_div_factor === 0) return { code: "division-by-zero" };
  const shape = { eta_max, pct_start, anneal_strategy, div_factor, final_div_factor, three_phase };
  return { type, total_steps: total ?? window.end - window.begin, ...shape, ...window };
}

function outside(parameter: "start_factor" | "end_factor" | "factor", value: number): MmError | null {
  return value < 0 || value > 1 ? { code: "factor-range", parameter, value } : null;
}

const floor = ({ eta_min, eta_min_ratio }: Floors): { eta_min: number } | { eta_min_ratio: number } =>
  eta_min_ratio === undefined ? { eta_min: eta_min ?? 0 } : { eta_min_ratio };
