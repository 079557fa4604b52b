import { isError, type MmError } from "./mmengine-errors.ts";

/** Steps (epochs or iterations, whichever the scheduler counts) in which a scheduler acts: `begin <= step < end`. */
interface Window {
  readonly begin: number;
  readonly end: number;
}

/** Where a cosine ends: absolute, or as a share of the base rate. */
type Floor =
  | { readonly eta_min: number; readonly eta_min_ratio?: undefined }
  | { readonly eta_min?: undefined; readonly eta_min_ratio: number };

/**
 * A scheduler as mmengine has built it: names and defaults are those of its classes, lengths count its own steps.
 * Source: open-mmlab/mmengine mmengine/optim/scheduler/param_scheduler.py (0.10.7).
 */
export type MmScheduler = Window &
  (
    | { readonly type: "ConstantLR"; readonly factor: number }
    | ({
        readonly type: "CosineAnnealingLR";
        /** Length of the half cosine; from `begin` to `end` unless given, and we never give it. */
        readonly T_max?: number;
      } & Floor)
    | ({
        readonly type: "CosineRestartLR";
        /** Whole iterations: a restart between two of them would never be met. */
        readonly periods: readonly number[];
        /** Shares of the base rate, one a period. */
        readonly restart_weights: readonly number[];
      } & Floor)
    | { readonly type: "ExponentialLR"; readonly gamma: number }
    | { readonly type: "LinearLR"; readonly start_factor: number; readonly end_factor?: number }
    | { readonly type: "MultiStepLR"; readonly milestones: readonly number[]; readonly gamma: number }
    | {
        readonly type: "OneCycleLR";
        readonly eta_max: number;
        readonly total_steps: number;
        readonly pct_start: number;
        readonly anneal_strategy: "cos" | "linear";
        readonly div_factor: number;
        readonly final_div_factor: number;
        readonly three_phase: boolean;
      }
    | { readonly type: "PolyLR"; readonly power: number; readonly eta_min: number }
    /** Moves on the metrics of a validation only, which XTuner's runs have not. */
    | { readonly type: "ReduceOnPlateauLR"; readonly factor: number }
    | { readonly type: "StepLR"; readonly step_size: number; readonly gamma: number }
  );

/** What schedulers read from and write to the optimizer's parameter group. */
export interface Group {
  lr: number;
  /** Set by the first scheduler that is built; OneCycleLR replaces all three. */
  initial: number | null;
  max: number;
  min: number;
}

/**
 * The rate that a scheduler writes at its step `position` (from 0, counted inside its window), or what it raises. All but
 * OneCycleLR are recursive: they multiply or shift whatever the group holds, so what others have done to it compounds.
 */
export function nextRate(scheduler: MmScheduler, position: number, group: Group, base: number): number | MmError {
  const { lr } = group;
  switch (scheduler.type) {
    case "ConstantLR": {
      const last = scheduler.end - scheduler.begin - 1;
      if (position === 0) return lr * scheduler.factor;
      return position === last ? times(lr, quotient(1, scheduler.factor)) : lr;
    }
    case "CosineAnnealingLR":
      return cosineAnnealing(scheduler.T_max || scheduler.end - scheduler.begin, floorOf(scheduler, base), position, lr, base);
    case "CosineRestartLR": {
      const { periods, restart_weights: weights } = scheduler;
      let start = 0;
      for (const [index, period] of periods.entries()) {
        if (position < start + period) {
          const since = position - start;
          return since === 0 ? base * (weights[index] as number) : cosineStep(since, period, lr, floorOf(scheduler, base));
        }
        start += period;
      }
      return lr;
    }
    case "ExponentialLR":
      return position === 0 ? lr : lr * scheduler.gamma;
    case "LinearLR": {
      const { start_factor: start, end_factor: end = 1 } = scheduler;
      if (position === 0) return lr * start;
      const slope = end - start;
      const change = quotient(slope, (scheduler.end - scheduler.begin - 1) * start + (position - 1) * slope);
      return isError(change) ? change : lr * (1 + change);
    }
    case "MultiStepLR": {
      const times_ = scheduler.milestones.filter((milestone) => milestone === position).length;
      return times_ === 0 ? lr : lr * scheduler.gamma ** times_;
    }
    case "OneCycleLR":
      return oneCycle(scheduler, position, group);
    case "PolyLR": {
      if (position === 0) return lr;
      const share = quotient(1, scheduler.end - scheduler.begin - 1 - position + 1);
      if (isError(share)) return share;
      const factor = power(1 - share, scheduler.power);
      return isError(factor) ? factor : (lr - scheduler.eta_min) * factor + scheduler.eta_min;
    }
    case "ReduceOnPlateauLR":
      return lr;
    case "StepLR":
      if (position === 0) return lr;
      if (scheduler.step_size === 0) return { code: "division-by-zero" };
      return position % scheduler.step_size === 0 ? lr * scheduler.gamma : lr;
  }
}

const floorOf = (floor: Floor, base: number): number => floor.eta_min ?? base * (floor.eta_min_ratio ?? 0);

function cosineAnnealing(span: number, floor: number, position: number, lr: number, base: number): number | MmError {
  if (position === 0) return lr;
  if ((position - 1 - span) % (2 * span) === 0) {
    return lr + ((base - floor) * (1 - Math.cos(Math.PI / span))) / 2;
  }
  return cosineStep(position, span, lr, floor);
}

function cosineStep(position: number, span: number, lr: number, floor: number): number | MmError {
  const now = 1 + Math.cos((Math.PI * position) / span);
  const before = 1 + Math.cos((Math.PI * (position - 1)) / span);
  const change = quotient(now, before);
  return isError(change) ? change : change * (lr - floor) + floor;
}

/** The phases of OneCycleLR: their last step, and the group's rates that they run between. */
function oneCycle(
  { total_steps: total, pct_start: share, three_phase: three, anneal_strategy: strategy }: MmScheduler & { type: "OneCycleLR" },
  position: number,
  group: Group,
): number | MmError {
  if (position > total) return { code: "past-total-steps", step: position + 1, total };
  const initial = group.initial ?? group.lr;
  const rise = { end: share * total - 1, from: initial, to: group.max };
  const phases = three
    ? [rise, { end: 2 * share * total - 2, from: group.max, to: initial }, { end: total - 1, from: initial, to: group.min }]
    : [rise, { end: total - 1, from: group.max, to: group.min }];
  let start = 0;
  for (const [index, { end, from, to }] of phases.entries()) {
    if (position <= end || index === phases.length - 1) {
      const done = quotient(position - start, end - start);
      if (isError(done)) return done;
      return strategy === "cos" ? to + ((from - to) / 2) * (Math.cos(Math.PI * done) + 1) : (to - from) * done + from;
    }
    start = end;
  }
  return group.lr;
}

/** Python's division, which has no infinity. */
function quotient(dividend: number, divisor: number): number | MmError {
  return divisor === 0 ? { code: "division-by-zero" } : dividend / divisor;
}

const times = (factor: number, other: number | MmError): number | MmError => (isError(other) ? other : factor * other);

/** Python's `**` of floats. */
function power(base: number, exponent: number): number | MmError {
  if (base === 0 && exponent < 0) return { code: "division-by-zero" };
  if (base < 0 && !Number.isInteger(exponent)) return { code: "complex-rate" };
  const result = base ** exponent;
  return Number.isFinite(result) ? result : { code: "overflow" };
}
