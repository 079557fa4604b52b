import { ok, type Outcome, raises } from "./outcome.ts";

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
    | { readonly type: "ReduceOnPlateauLR" }
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
export function nextRate(scheduler: MmScheduler, position: number, group: Group, base: number): Outcome<number> {
  const { lr } = group;
  switch (scheduler.type) {
    case "ConstantLR": {
      if (position === 0) return ok(lr * scheduler.factor);
      if (position !== scheduler.end - scheduler.begin - 1) return ok(lr);
      return map(quotient(1, scheduler.factor), (back) => lr * back);
    }
    case "CosineAnnealingLR": {
      const span = scheduler.T_max || scheduler.end - scheduler.begin;
      return cosineAnnealing(span, floorOf(scheduler, base), position, lr, base);
    }
    case "CosineRestartLR":
      return cosineRestart(scheduler, position, lr, base);
    case "ExponentialLR":
      return ok(position === 0 ? lr : lr * scheduler.gamma);
    case "LinearLR": {
      const { start_factor: start, end_factor: end = 1 } = scheduler;
      if (position === 0) return ok(lr * start);
      const slope = end - start;
      const reached = (scheduler.end - scheduler.begin - 1) * start + (position - 1) * slope;
      return map(quotient(slope, reached), (change) => lr * (1 + change));
    }
    case "MultiStepLR": {
      const met = scheduler.milestones.filter((milestone) => milestone === position).length;
      return ok(met === 0 ? lr : lr * scheduler.gamma ** met);
    }
    case "OneCycleLR":
      return oneCycle(scheduler, position, group);
    case "PolyLR": {
      if (position === 0) return ok(lr);
      const share = quotient(1, scheduler.end - scheduler.begin - 1 - position + 1);
      const factor = share.ok ? power(1 - share.value, scheduler.power) : share;
      return map(factor, (value) => (lr - scheduler.eta_min) * value + scheduler.eta_min);
    }
    case "ReduceOnPlateauLR":
      return ok(lr);
    case "StepLR":
      if (position === 0) return ok(lr);
      if (scheduler.step_size === 0) return raises("ZeroDivisionError", "modulo");
      return ok(position % scheduler.step_size === 0 ? lr * scheduler.gamma : lr);
  }
}

const floorOf = (floor: Floor, base: number): number => floor.eta_min ?? base * (floor.eta_min_ratio ?? 0);

function cosineAnnealing(span: number, floor: number, position: number, lr: number, base: number): Outcome<number> {
  if (position === 0) return ok(lr);
  if ((position - 1 - span) % (2 * span) === 0) {
    return ok(lr + ((base - floor) * (1 - Math.cos(Math.PI / span))) / 2);
  }
  return cosineStep(position, span, lr, floor);
}

type CosineRestart = Extract<MmScheduler, { readonly type: "CosineRestartLR" }>;

function cosineRestart(scheduler: CosineRestart, position: number, lr: number, base: number): Outcome<number> {
  let start = 0;
  for (const [index, period] of scheduler.periods.entries()) {
    if (position < start + period) {
      const since = position - start;
      return since === 0
        ? ok(base * (scheduler.restart_weights[index] as number))
        : cosineStep(since, period, lr, floorOf(scheduler, base));
    }
    start += period;
  }
  return ok(lr);
}

function cosineStep(position: number, span: number, lr: number, floor: number): Outcome<number> {
  const now = 1 + Math.cos((Math.PI * position) / span);
  const before = 1 + Math.cos((Math.PI * (position - 1)) / span);
  return map(quotient(now, before), (change) => change * (lr - floor) + floor);
}

type OneCycle = Extract<MmScheduler, { readonly type: "OneCycleLR" }>;

/** The phases of OneCycleLR: their last step, and the group's rates that they run between. */
function oneCycle(scheduler: OneCycle, position: number, group: Group): Outcome<number> {
  const { total_steps: total, pct_start: share, anneal_strategy: strategy } = scheduler;
  if (position > total) return raises("ValueError", `Tried to step ${position + 1} times`);
  const initial = group.initial ?? group.lr;
  const rise = { end: share * total - 1, from: initial, to: group.max };
  const phases = scheduler.three_phase
    ? [
        rise,
        { end: 2 * share * total - 2, from: group.max, to: initial },
        { end: total - 1, from: initial, to: group.min },
      ]
    : [rise, { end: total - 1, from: group.max, to: group.min }];
  let start = 0;
  for (const [index, { end, from, to }] of phases.entries()) {
    if (position <= end || index === phases.length - 1) {
      return map(quotient(position - start, end - start), (done) =>
        strategy === "cos" ? to + ((from - to) / 2) * (Math.cos(Math.PI * done) + 1) : (to - from) * done + from,
      );
    }
    start = end;
  }
  return ok(group.lr);
}

/** Python's division, which has no infinity. */
function quotient(dividend: number, divisor: number): Outcome<number> {
  return divisor === 0 ? raises("ZeroDivisionError", "division by zero") : ok(dividend / divisor);
}

/**
 * Python's `**` of floats. A negative number to a fractional power is a complex number there, which no optimizer can use:
 * NaN stands for it.
 */
function power(base: number, exponent: number): Outcome<number> {
  if (base === 0 && exponent < 0) return raises("ZeroDivisionError", "cannot be raised to a negative power");
  const result = base ** exponent;
  return Math.abs(result) === Infinity ? raises("OverflowError", "too large") : ok(result);
}

const map = (outcome: Outcome<number>, change: (value: number) => number): Outcome<number> =>
  outcome.ok ? ok(change(outcome.value)) : outcome;
