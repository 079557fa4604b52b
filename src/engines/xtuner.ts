import { ok, type Outcome, raises, type Rate } from "./outcome.ts";

/** XTuner 1.x's `LRConfig`, as it spells it. A `warmup_ratio` of 1 or more counts optimizer steps. */
export interface LRConfig {
  readonly lr_type: "cosine" | "linear" | "constant";
  readonly warmup_ratio: number;
  /** Absolute, not a share of the peak. */
  readonly lr_min: number;
}

/** What stands where a config says nothing: no decay at all. */
export const lrConfigDefaults: LRConfig = { lr_type: "constant", warmup_ratio: 0.03, lr_min: 1e-6 };

/**
 * The learning rate of each update under XTuner 1.x: a linear warm-up, then torch's CosineAnnealingLR or LinearLR over what
 * is left. A warm-up as long as the run leaves nothing to divide by, and `LinearLR` goes to no more than it starts from.
 * Source: InternLM/xtuner xtuner/v1/train/trainer.py, build_lr_scheduler (v1.0.1), measured on torch's classes.
 */
export function xtunerRate(config: LRConfig, peakLr: number, total: number): Outcome<Rate> {
  const { lr_type: type, warmup_ratio: ratio, lr_min: least } = config;
  const warmup = Math.trunc(ratio < 1 ? ratio * total : ratio);
  const left = total - warmup;
  if (type === "linear" && (least / peakLr > 1 || least / peakLr < 0)) {
    return raises("ValueError", "Ending multiplicative factor expected to be between 0 and 1");
  }
  if (type !== "constant" && left === 0) return raises("ZeroDivisionError", "division by zero");
  return ok((updates) => {
    if (updates < warmup) return (peakLr * updates) / warmup;
    const progress = (updates - warmup) / left;
    switch (type) {
      case "constant":
        return peakLr;
      case "cosine":
        return least + (peakLr - least) * 0.5 * (1 + Math.cos(Math.PI * progress));
      case "linear":
        return peakLr + (least - peakLr) * Math.min(1, progress);
    }
  });
}

/** The learning rate that the update of optimizer step `k` (from 0) uses, of a config that XTuner takes. */
export function xtunerLearningRate(config: LRConfig, peakLr: number, total: number, k: number): number {
  const rate = xtunerRate(config, peakLr, total);
  return rate.ok ? rate.value(k) : NaN;
}
