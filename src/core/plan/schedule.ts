import type { Steps } from "../units.ts";

/** How the learning rate falls after warm-up. Names are those of transformers' `lr_scheduler_type`. */
export type Shape =
  | { readonly name: "cosine" }
  | { readonly name: "linear" }
  | { readonly name: "constant" }
  | { readonly name: "constant_with_warmup" }
  | { readonly name: "inverse_sqrt" }
  | { readonly name: "cosine_with_min_lr"; readonly minLrRatio: number }
  | { readonly name: "cosine_with_restarts"; readonly cycles: number }
  /** `endLr` is absolute, as transformers and mmengine spell it; `power` 1 is a straight line. */
  | { readonly name: "polynomial"; readonly power: number; readonly endLr: number }
  /** `startRatio` is where the warm-up begins: up to transformers 4.48 at 0, from 4.49 at `minLrRatio`. */
  | {
      readonly name: "warmup_stable_decay";
      readonly minLrRatio: number;
      readonly decayRatio: number;
      readonly startRatio: number;
    };

export type ShapeName = Shape["name"];

/** Warm-up as it was asked for. A ratio becomes steps as soon as the total is known; the two never stand side by side. */
export type Warmup =
  | { readonly kind: "none" }
  | { readonly kind: "steps"; readonly steps: Steps }
  | { readonly kind: "ratio"; readonly ratio: number };

/** The DeepSpeed scheduler that comes nearest to a shape. */
export type DeepSpeedScheduler = "WarmupLR" | "WarmupDecayLR" | "WarmupCosineLR";

/** Exactly one engine steps the schedule. */
export type Owner = { readonly kind: "trainer" } | { readonly kind: "deepspeed"; readonly type: DeepSpeedScheduler };

export interface Schedule {
  /** The learning rate at the end of warm-up. */
  readonly peakLr: number;
  readonly shape: Shape;
  readonly warmup: Warmup;
  readonly owner: Owner;
}

/** A schedule whose length is known: what can be drawn, and compared step by step. */
export interface Curve {
  readonly peakLr: number;
  readonly shape: Shape;
  readonly warmup: Steps;
  readonly total: Steps;
}

/**
 * Warm-up in optimizer steps, as transformers counts it: `ceil(total * ratio)`.
 * Source: huggingface/transformers src/transformers/training_args.py, get_warmup_steps.
 */
export function warmupSteps(warmup: Warmup, total: Steps): Steps {
  switch (warmup.kind) {
    case "none":
      return 0 as Steps;
    case "steps":
      return warmup.steps;
    case "ratio":
      return Math.ceil(total * warmup.ratio) as Steps;
  }
}

/** Steps of the final decay of `warmup_stable_decay`, never longer than what warm-up leaves. */
export function decaySteps(decayRatio: number, warmup: Steps, total: Steps): Steps {
  return Math.max(1, Math.min(Math.ceil(total * decayRatio), total - warmup)) as Steps;
}

/** The schedule over a run of `total` optimizer steps. */
export function curveOf(schedule: Schedule, total: Steps): Curve {
  return {
    peakLr: schedule.peakLr,
    shape: schedule.shape,
    warmup: schedule.shape.name === "constant" ? (0 as Steps) : warmupSteps(schedule.warmup, total),
    total,
  };
}

/**
 * The learning rate that the update of optimizer step `k` (from 0) must use: transformers' closed forms, which are what a
 * person means when naming one of its schedules. Source: huggingface/transformers src/transformers/optimization.py.
 */
export function learningRate(curve: Curve, k: number): number {
  return curve.peakLr * multiplier(curve, k);
}

function multiplier({ shape, warmup: w, total, peakLr }: Curve, k: number): number {
  if (shape.name === "constant") return 1;
  if (k < w) {
    const floor = shape.name === "warmup_stable_decay" ? shape.startRatio : 0;
    return floor + (1 - floor) * (k / Math.max(1, w));
  }
  const progress = (k - w) / Math.max(1, total - w);
  switch (shape.name) {
    case "constant_with_warmup":
      return 1;
    case "linear":
      return Math.max(0, (total - k) / Math.max(1, total - w));
    case "cosine":
      return Math.max(0, halfCosine(progress));
    case "cosine_with_min_lr":
      return shape.minLrRatio + (1 - shape.minLrRatio) * halfCosine(progress);
    case "cosine_with_restarts":
      return progress >= 1 ? 0 : Math.max(0, halfCosine((shape.cycles * progress) % 1));
    case "polynomial": {
      const end = shape.endLr / peakLr;
      return k > total ? end : (1 - end) * (1 - progress) ** shape.power + end;
    }
    case "inverse_sqrt": {
      const timescale = w || 10_000;
      return 1 / Math.sqrt((k - w + timescale) / timescale);
    }
    case "warmup_stable_decay": {
      const decay = decaySteps(shape.decayRatio, w, total);
      const start = total - decay;
      if (k < start) return 1;
      if (k >= total) return shape.minLrRatio;
      return shape.minLrRatio + (1 - shape.minLrRatio) * halfCosine((k - start) / decay);
    }
  }
}

const halfCosine = (progress: number): number => 0.5 * (1 + Math.cos(Math.PI * progress));
