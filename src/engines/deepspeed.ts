import type { DeepSpeedScheduler } from "../core/plan/schedule.ts";

/** What DeepSpeed's scheduler block says, after Hugging Face has filled the "auto" values. */
export interface DeepSpeedBlock {
  readonly type: DeepSpeedScheduler;
  readonly peakLr: number;
  readonly warmup: number;
  readonly total: number;
  readonly cosMinRatio: number;
}

/**
 * The learning rate that the update of optimizer step `k` (from 0) uses when DeepSpeed (0.15.3 and later) steps the block
 * with `warmup_type: linear`. Two differences to what was asked: everything in the warm-up is one step late, and a warm-up
 * of fewer than two steps becomes two. Source: deepspeedai/DeepSpeed deepspeed/runtime/lr_schedules.py, measured.
 */
export function deepSpeedLearningRate(block: DeepSpeedBlock, k: number): number {
  const { peakLr, total } = block;
  const warmup = Math.max(2, block.warmup);
  if (k === 0) return 0;
  const last = k - 1;
  if (last < warmup) return (peakLr * last) / warmup;
  switch (block.type) {
    case "WarmupLR":
      return peakLr;
    case "WarmupDecayLR":
      return peakLr * Math.max(0, (total - last) / Math.max(1, total - warmup));
    case "WarmupCosineLR": {
      const progress = Math.min(1, (last - warmup + 1) / Math.max(1, total - warmup));
      return peakLr * (block.cosMinRatio + (1 - block.cosMinRatio) * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
  }
}
