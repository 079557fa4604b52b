import type { Plan } from "../../core/plan/plan.ts";
import { curveOf, decaySteps } from "../../core/plan/schedule.ts";
import type { Steps } from "../../core/units.ts";
import type { MmScheduler } from "../../engines/mmengine.ts";

/**
 * mmengine's LinearLR divides by its start factor, so that can't be 0; this far down the difference to a warm-up from 0 is
 * below what a float32 weight can see.
 */
const START_FACTOR = 1e-8;

/** An iteration count that depends on lengths known at start only: `warmup * W + total * N + decay * D + constant`. */
export interface Count {
  readonly warmup: number;
  readonly total: number;
  readonly decay: number;
  readonly constant: number;
}

/** A `param_scheduler` entry before its lengths are known. */
export type SchedulerForm =
  | { readonly type: "LinearLR"; readonly start_factor: number; readonly begin: Count; readonly end: Count }
  | { readonly type: "CosineAnnealingLR"; readonly eta_min: number; readonly begin: Count; readonly end: Count }
  | {
      readonly type: "PolyLR";
      readonly power: number;
      readonly eta_min: number;
      readonly begin: Count;
      readonly end: Count;
    }
  | {
      readonly type: "CosineRestartLR";
      readonly cycles: number;
      readonly eta_min: number;
      readonly begin: Count;
      readonly end: Count;
    };

/**
 * The schedule in whole iterations. The optimizer steps on iterations `G-1, 2G-1, …` (G = accumulation), so everything
 * is shifted by `G-1`: optimizer step k then uses exactly the rate that transformers uses for it. The warm-up ends one
 * iteration after the decay begins, where the decay's first value leaves the rate as it is, which makes it right for a
 * warm-up of one step, too. Measured on mmengine 0.10's own classes.
 */
export function schedulerForms({ schedule, batch }: Plan): {
  readonly warmup: SchedulerForm | null;
  readonly decay: SchedulerForm | null;
} {
  const { shape, peakLr } = schedule;
  const G = batch.accumulation;
  const at = (count: Partial<Count>): Count => ({ warmup: 0, total: 0, decay: 0, constant: 0, ...count });
  const begin = at({ warmup: G, constant: G - 1 });
  const end = at({ total: G, constant: G - 1 });
  const oneLater = at({ total: G, constant: G });
  const floor = shape.name === "warmup_stable_decay" ? Math.max(shape.startRatio, START_FACTOR) : START_FACTOR;
  const warmup: SchedulerForm | null =
    shape.name === "constant"
      ? null
      : { type: "LinearLR", start_factor: floor, begin: at({ constant: G - 1 }), end: at({ warmup: G, constant: G }) };
  switch (shape.name) {
    case "cosine":
      return { warmup, decay: { type: "CosineAnnealingLR", eta_min: 0, begin, end } };
    case "cosine_with_min_lr":
      return { warmup, decay: { type: "CosineAnnealingLR", eta_min: shape.minLrRatio * peakLr, begin, end } };
    case "linear":
      return { warmup, decay: { type: "PolyLR", power: 1, eta_min: 0, begin, end: oneLater } };
    case "polynomial":
      return { warmup, decay: { type: "PolyLR", power: shape.power, eta_min: shape.endLr, begin, end: oneLater } };
    case "cosine_with_restarts":
      return { warmup, decay: { type: "CosineRestartLR", cycles: shape.cycles, eta_min: 0, begin, end } };
    case "warmup_stable_decay":
      return {
        warmup,
        decay: {
          type: "CosineAnnealingLR",
          eta_min: shape.minLrRatio * peakLr,
          begin: at({ total: G, decay: -G, constant: G - 1 }),
          end,
        },
      };
    case "constant":
    case "constant_with_warmup":
      return { warmup, decay: null };
    case "inverse_sqrt":
      throw new Error("mmengine has no inverse_sqrt; the plan refuses this target");
  }
}

/** The schedulers of a run whose length is known, in literal iterations. */
export function knownSchedulers(plan: Plan, total: Steps): readonly MmScheduler[] {
  const curve = curveOf(plan.schedule, total);
  const { shape } = plan.schedule;
  const decay = shape.name === "warmup_stable_decay" ? decaySteps(shape.decayRatio, curve.warmup, total) : 0;
  const count = (form: Count): number =>
    form.warmup * curve.warmup + form.total * total + form.decay * decay + form.constant;
  const forms = schedulerForms(plan);
  const all = [curve.warmup > 0 ? forms.warmup : null, forms.decay].filter((form) => form !== null);
  return all.map((form): MmScheduler => {
    const begin = count(form.begin);
    const end = count(form.end);
    if (form.type !== "CosineRestartLR") return { ...form, begin, end };
    const { cycles, ...rest } = form;
    const each = <Value>(value: Value): Value[] => Array.from({ length: cycles }, () => value);
    return { ...rest, begin, end, periods: each((end - begin) / cycles), restart_weights: each(1 as const) };
  });
}
