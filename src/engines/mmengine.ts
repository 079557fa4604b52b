/** A `param_scheduler` entry with `by_epoch=False`; `begin`, `end` and periods count iterations, as mmengine spells them. */
export type MmScheduler =
  | { readonly type: "LinearLR"; readonly start_factor: number; readonly begin: number; readonly end: number }
  | {
      readonly type: "CosineAnnealingLR";
      readonly eta_min: number;
      readonly begin: number;
      readonly end: number;
      /** Length of the half cosine; from `begin` to `end` unless given, and we never give it. */
      readonly T_max?: number;
    }
  | {
      readonly type: "PolyLR";
      readonly power: number;
      readonly eta_min: number;
      readonly begin: number;
      readonly end: number;
    }
  | {
      readonly type: "CosineRestartLR";
      /** Whole iterations: a restart between two of them would never be met. */
      readonly periods: readonly number[];
      /** One a period; all 1, so that every cycle starts from the base rate. */
      readonly restart_weights: readonly 1[];
      readonly eta_min: number;
      readonly begin: number;
      readonly end: number;
    };

/**
 * The learning rate in force during each of `iterations` iterations, as mmengine's schedulers compute it: each one
 * *multiplies or shifts what the parameter group holds* while `begin <= iteration < end`, so gaps hold the last value and
 * overlaps compound. Source: open-mmlab/mmengine mmengine/optim/scheduler/param_scheduler.py (0.10.7), measured on the real
 * classes.
 */
export function mmengineLearningRates(
  schedulers: readonly MmScheduler[],
  baseLr: number,
  iterations: number,
): Float64Array {
  const rates = new Float64Array(iterations);
  let lr = baseLr;
  for (let iteration = 0; iteration < iterations; iteration++) {
    for (const scheduler of schedulers) {
      if (scheduler.begin <= iteration && iteration < scheduler.end) {
        lr = step(scheduler, iteration - scheduler.begin, lr, baseLr);
      }
    }
    rates[iteration] = lr;
  }
  return rates;
}

function step(scheduler: MmScheduler, position: number, lr: number, baseLr: number): number {
  switch (scheduler.type) {
    case "LinearLR": {
      const { start_factor: start, begin, end } = scheduler;
      if (position === 0) return lr * start;
      return lr * (1 + (1 - start) / ((end - begin - 1) * start + (position - 1) * (1 - start)));
    }
    case "CosineAnnealingLR": {
      const { eta_min: floor, begin, end } = scheduler;
      const span = scheduler.T_max ?? end - begin;
      if (position === 0) return lr;
      if ((position - 1 - span) % (2 * span) === 0) {
        return lr + ((baseLr - floor) * (1 - Math.cos(Math.PI / span))) / 2;
      }
      return cosineStep(position, span, lr, floor);
    }
    case "PolyLR": {
      const { power, eta_min: floor, begin, end } = scheduler;
      if (position === 0) return lr;
      return (lr - floor) * (1 - 1 / (end - begin - 1 - position + 1)) ** power + floor;
    }
    case "CosineRestartLR": {
      let start = 0;
      for (const period of scheduler.periods) {
        if (position < start + period) {
          return position === start ? baseLr : cosineStep(position - start, period, lr, scheduler.eta_min);
        }
        start += period;
      }
      return lr;
    }
  }
}

function cosineStep(position: number, span: number, lr: number, floor: number): number {
  const now = 1 + Math.cos((Math.PI * position) / span);
  const before = 1 + Math.cos((Math.PI * (position - 1)) / span);
  return (now / before) * (lr - floor) + floor;
}
