// Written by scripts/pitfalls.js from the files of this folder.
import { pitfall as dsOptimizerWithoutScheduler } from "./ds-optimizer-without-scheduler.ts";
import { pitfall as fp16OnBf16Model } from "./fp16-on-bf16-model.ts";
import { pitfall as mmengineCosineNoEnd } from "./mmengine-cosine-no-end.ts";
import { pitfall as overlapCommStage2 } from "./overlap-comm-stage2.ts";
import { pitfall as schedulerOverridesHf } from "./scheduler-overrides-hf.ts";
import { pitfall as swiftNprocMismatch } from "./swift-nproc-mismatch.ts";
import type { Pitfall } from "./pitfall.ts";

export const pitfalls: readonly Pitfall[] = [
  dsOptimizerWithoutScheduler,
  fp16OnBf16Model,
  mmengineCosineNoEnd,
  overlapCommStage2,
  schedulerOverridesHf,
  swiftNprocMismatch,
];
