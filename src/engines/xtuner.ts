/** XTuner 1.x's `LRConfig`, as it spells it. A `warmup_ratio` of 1 or more counts optimizer steps. */
export interface LRConfig {
  readonly lr_type: "cosine" | "linear" | "constant";
  readonly warmup_ratio: number;
  /** Absolute, not a share of the peak. */
  readonly lr_min: number;
}

/**
 * The learning rate that the update of optimizer step `k` (from 0) uses under XTuner 1.x: a linear warm-up, then torch's
 * CosineAnnealingLR or LinearLR over what is left. Source: InternLM/xtuner xtuner/v1/train/trainer.py (v1.0.1), measured.
 */
export function xtunerLearningRate(config: LRConfig, peakLr: number, total: number, k: number): number {
  const warmup = config.warmup_ratio < 1 ? Math.floor(config.warmup_ratio * total) : Math.floor(config.warmup_ratio);
  if (k < warmup) return (peakLr * k) / warmup;
  const progress = (k - warmup) / (total - warmup);
  switch (config.lr_type) {
    case "constant":
      return peakLr;
    case "cosine":
      return config.lr_min + (peakLr - config.lr_min) * 0.5 * (1 + Math.cos(Math.PI * progress));
    case "linear":
      return peakLr + (config.lr_min - peakLr) * progress;
  }
}
