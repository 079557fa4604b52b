// Written by scripts/pitfalls.js from the files of this folder.
import { pitfall as accelerateUnknownKey } from "./accelerate-unknown-key.ts";
import { pitfall as batchMismatchHf } from "./batch-mismatch-hf.ts";
import { pitfall as batchSizeMismatch } from "./batch-size-mismatch.ts";
import { pitfall as commDtypeFp32 } from "./comm-dtype-fp32.ts";
import { pitfall as dsOptimizerWithoutScheduler } from "./ds-optimizer-without-scheduler.ts";
import { pitfall as embeddingMaxLenExceedsModel } from "./embedding-max-len-exceeds-model.ts";
import { pitfall as embeddingTooFewNegatives } from "./embedding-too-few-negatives.ts";
import { pitfall as flagembeddingArgRenamed } from "./flagembedding-arg-renamed.ts";
import { pitfall as flagembeddingGcNeedsDeepspeed } from "./flagembedding-gc-needs-deepspeed.ts";
import { pitfall as fp16OnBf16Model } from "./fp16-on-bf16-model.ts";
import { pitfall as gcDdpUnusedParams } from "./gc-ddp-unused-params.ts";
import { pitfall as hfEvalStrategyRenamed } from "./hf-eval-strategy-renamed.ts";
import { pitfall as hfUnknownArg } from "./hf-unknown-arg.ts";
import { pitfall as launcherCvdConflict } from "./launcher-cvd-conflict.ts";
import { pitfall as loadBestMismatch } from "./load-best-mismatch.ts";
import { pitfall as loadBestStepsMultiple } from "./load-best-steps-multiple.ts";
import { pitfall as mmengineCosineNoEnd } from "./mmengine-cosine-no-end.ts";
import { pitfall as overlapCommStage2 } from "./overlap-comm-stage2.ts";
import { pitfall as schedulerOverridesHf } from "./scheduler-overrides-hf.ts";
import { pitfall as streamingNeedsMaxSteps } from "./streaming-needs-max-steps.ts";
import { pitfall as swiftNprocMismatch } from "./swift-nproc-mismatch.ts";
import { pitfall as warmupBoth } from "./warmup-both.ts";
import type { Pitfall } from "./pitfall.ts";

export const pitfalls: readonly Pitfall[] = [
  accelerateUnknownKey,
  batchMismatchHf,
  batchSizeMismatch,
  commDtypeFp32,
  dsOptimizerWithoutScheduler,
  embeddingMaxLenExceedsModel,
  embeddingTooFewNegatives,
  flagembeddingArgRenamed,
  flagembeddingGcNeedsDeepspeed,
  fp16OnBf16Model,
  gcDdpUnusedParams,
  hfEvalStrategyRenamed,
  hfUnknownArg,
  launcherCvdConflict,
  loadBestMismatch,
  loadBestStepsMultiple,
  mmengineCosineNoEnd,
  overlapCommStage2,
  schedulerOverridesHf,
  streamingNeedsMaxSteps,
  swiftNprocMismatch,
  warmupBoth,
];
