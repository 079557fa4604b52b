import type { Schedule, Shape } from "../../src/core/plan/schedule.ts";
import { steps } from "../../src/core/units.ts";
import type { Plan } from "../../src/index.ts";
import { planOf } from "./arbitrary.ts";

export const PEAK = 2e-5;

/** All nine schedules, with settings that tell their parts apart. */
export const shapes: readonly Shape[] = [
  { name: "cosine" },
  { name: "linear" },
  { name: "constant" },
  { name: "constant_with_warmup" },
  { name: "inverse_sqrt" },
  { name: "cosine_with_min_lr", minLrRatio: 0.1 },
  { name: "cosine_with_restarts", cycles: 3 },
  { name: "polynomial", power: 1, endLr: 1e-7 },
  { name: "warmup_stable_decay", minLrRatio: 0.05, decayRatio: 0.2, startRatio: 0.05 },
];

/** Warm-ups of none, one, two and many steps that leave room for a decay. */
export const warmupsOf = (total: number): readonly number[] =>
  [...new Set([0, 1, 2, Math.floor(total / 3), total - 1])].filter((warmup) => warmup < total);

export const scheduleOf = (shape: Shape, warmup: number, peakLr = PEAK): Schedule => ({
  peakLr,
  shape,
  warmup: warmup === 0 ? { kind: "none" } : { kind: "steps", steps: steps(warmup) },
  owner: { kind: "trainer" },
});

const base = planOf({ answers: { model: "qwen2.5-7b", gpu: "h100", gpus: 8, maxSteps: 100, xtuner: "0.2.0" } });

/** A plan of which nothing but the schedule, the accumulation and the length matters. */
export const planWith = (schedule: Schedule, accumulation: number, total: number | null = null): Plan => ({
  ...base,
  schedule,
  batch: { micro: 1, accumulation, world: 8, global: 8 * accumulation },
  length: total === null ? { kind: "epochs", epochs: 3 } : { kind: "max-steps", total: steps(total) },
});

/**
 * The multiplier of the peak at optimizer step k, from 0, of w warm-up steps in T: src/transformers/optimization.py of
 * huggingface/transformers, function by function, as `get_scheduler` calls them.
 */
export function trainerMultiplier(shape: Shape, w: number, T: number, k: number, lr = PEAK): number {
  const { PI, cos, max, sqrt, ceil, min } = Math;
  if (shape.name === "constant") return 1;
  if (shape.name === "inverse_sqrt") {
    const timescale = w || 10_000;
    return k < w ? k / max(1, w) : 1 / sqrt((k - w + timescale) / timescale);
  }
  if (shape.name === "warmup_stable_decay") {
    const { minLrRatio: m, decayRatio, startRatio: start } = shape;
    const decay = max(1, min(ceil(T * decayRatio), T - w));
    const stable = T - w - decay;
    if (k < w) return (k / max(1, w)) * (1 - start) + start;
    if (k < w + stable) return 1;
    if (k >= w + stable + decay) return m;
    return max(0, 0.5 * (1 + cos(PI * ((k - w - stable) / max(1, decay))))) * (1 - m) + m;
  }
  if (k < w) return k / max(1, w);
  const progress = (k - w) / max(1, T - w);
  switch (shape.name) {
    case "constant_with_warmup":
      return 1;
    case "linear":
      return max(0, (T - k) / max(1, T - w));
    case "cosine":
      return max(0, 0.5 * (1 + cos(PI * 0.5 * 2 * progress)));
    case "cosine_with_min_lr":
      return 0.5 * (1 + cos(PI * 0.5 * 2 * progress)) * (1 - shape.minLrRatio) + shape.minLrRatio;
    case "cosine_with_restarts":
      return progress >= 1 ? 0 : max(0, 0.5 * (1 + cos(PI * ((shape.cycles * progress) % 1))));
    case "polynomial":
      return k > T ? shape.endLr / lr : ((lr - shape.endLr) * (1 - (k - w) / (T - w)) ** shape.power + shape.endLr) / lr;
  }
}
