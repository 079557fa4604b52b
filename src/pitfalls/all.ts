// Written by scripts/pitfalls.js from the files of this folder.
import { pitfall as accelerateUnknownKey } from "./accelerate-unknown-key.ts";
import { pitfall as autoOutsideHf } from "./auto-outside-hf.ts";
import { pitfall as batchMismatchHf } from "./batch-mismatch-hf.ts";
import { pitfall as batchSizeMismatch } from "./batch-size-mismatch.ts";
import { pitfall as batchUndefined } from "./batch-undefined.ts";
import { pitfall as bf16ExtraKeys } from "./bf16-extra-keys.ts";
import { pitfall as bf16OnPreAmpere } from "./bf16-on-pre-ampere.ts";
import { pitfall as bucketNotInteger } from "./bucket-not-integer.ts";
import { pitfall as clippingDisabled } from "./clipping-disabled.ts";
import { pitfall as commDtypeFp32 } from "./comm-dtype-fp32.ts";
import { pitfall as deepspeedAndFsdp } from "./deepspeed-and-fsdp.ts";
import { pitfall as dsActivationCkptIgnored } from "./ds-activation-ckpt-ignored.ts";
import { pitfall as dsClippingMissing } from "./ds-clipping-missing.ts";
import { pitfall as dsOptimizerMaxGradNorm } from "./ds-optimizer-max-grad-norm.ts";
import { pitfall as dsOptimizerParamsMissing } from "./ds-optimizer-params-missing.ts";
import { pitfall as dsOptimizerWithoutScheduler } from "./ds-optimizer-without-scheduler.ts";
import { pitfall as dsTotalStepsInconsistent } from "./ds-total-steps-inconsistent.ts";
import { pitfall as dsTotalStepsMissing } from "./ds-total-steps-missing.ts";
import { pitfall as dsUnknownScheduler } from "./ds-unknown-scheduler.ts";
import { pitfall as dsUnknownTopKey } from "./ds-unknown-top-key.ts";
import { pitfall as dsWarmupLogShape } from "./ds-warmup-log-shape.ts";
import { pitfall as dsWarmupMaxLrMissing } from "./ds-warmup-max-lr-missing.ts";
import { pitfall as dsWarmupStepsDegenerate } from "./ds-warmup-steps-degenerate.ts";
import { pitfall as dsWarmupcosineParams } from "./ds-warmupcosine-params.ts";
import { pitfall as dsWarmupcosineVersion } from "./ds-warmupcosine-version.ts";
import { pitfall as embeddingMaxLenExceedsModel } from "./embedding-max-len-exceeds-model.ts";
import { pitfall as embeddingTooFewNegatives } from "./embedding-too-few-negatives.ts";
import { pitfall as flagembeddingArgRenamed } from "./flagembedding-arg-renamed.ts";
import { pitfall as flagembeddingGcNeedsDeepspeed } from "./flagembedding-gc-needs-deepspeed.ts";
import { pitfall as flagembeddingZero3 } from "./flagembedding-zero3.ts";
import { pitfall as fp16ExtraKeys } from "./fp16-extra-keys.ts";
import { pitfall as fp16LrZeroLog } from "./fp16-lr-zero-log.ts";
import { pitfall as fp16OnBf16Model } from "./fp16-on-bf16-model.ts";
import { pitfall as fp16WeightsWithAmp } from "./fp16-weights-with-amp.ts";
import { pitfall as galoreDeepspeed } from "./galore-deepspeed.ts";
import { pitfall as gcDdpUnusedParams } from "./gc-ddp-unused-params.ts";
import { pitfall as gcReentrantDdp } from "./gc-reentrant-ddp.ts";
import { pitfall as hfArgRemovedV5 } from "./hf-arg-removed-v5.ts";
import { pitfall as hfArgTooNew } from "./hf-arg-too-new.ts";
import { pitfall as hfEvalStrategyRenamed } from "./hf-eval-strategy-renamed.ts";
import { pitfall as hfOptimConflict } from "./hf-optim-conflict.ts";
import { pitfall as hfUnknownArg } from "./hf-unknown-arg.ts";
import { pitfall as jsonDuplicateKey } from "./json-duplicate-key.ts";
import { pitfall as launcherCvdConflict } from "./launcher-cvd-conflict.ts";
import { pitfall as loadBestMismatch } from "./load-best-mismatch.ts";
import { pitfall as loadBestStepsMultiple } from "./load-best-steps-multiple.ts";
import { pitfall as lrMismatchHf } from "./lr-mismatch-hf.ts";
import { pitfall as lrTooHigh } from "./lr-too-high.ts";
import { pitfall as mmengineCosineNoEnd } from "./mmengine-cosine-no-end.ts";
import { pitfall as multinodeMasterLocalhost } from "./multinode-master-localhost.ts";
import { pitfall as noPrecision } from "./no-precision.ts";
import { pitfall as noWarmup } from "./no-warmup.ts";
import { pitfall as offloadClientOptimizer } from "./offload-client-optimizer.ts";
import { pitfall as offloadMisplaced } from "./offload-misplaced.ts";
import { pitfall as offloadParamNeedsStage3 } from "./offload-param-needs-stage3.ts";
import { pitfall as overlapCommStage2 } from "./overlap-comm-stage2.ts";
import { pitfall as precisionBothEnabled } from "./precision-both-enabled.ts";
import { pitfall as precisionMismatchHf } from "./precision-mismatch-hf.ts";
import { pitfall as pureBf16Zero3 } from "./pure-bf16-zero3.ts";
import { pitfall as saveOnlyModelResume } from "./save-only-model-resume.ts";
import { pitfall as scheduleMismatchHf } from "./schedule-mismatch-hf.ts";
import { pitfall as schedulerOverridesHf } from "./scheduler-overrides-hf.ts";
import { pitfall as shellMissingBackslash } from "./shell-missing-backslash.ts";
import { pitfall as streamingNeedsMaxSteps } from "./streaming-needs-max-steps.ts";
import { pitfall as swiftNprocMismatch } from "./swift-nproc-mismatch.ts";
import { pitfall as warmupBoth } from "./warmup-both.ts";
import { pitfall as warmupStepsFraction } from "./warmup-steps-fraction.ts";
import { pitfall as zeroDeprecatedKey } from "./zero-deprecated-key.ts";
import { pitfall as zeroInferenceNeedsStage3 } from "./zero-inference-needs-stage3.ts";
import { pitfall as zeroKeyTooNew } from "./zero-key-too-new.ts";
import { pitfall as zeroUnknownKey } from "./zero-unknown-key.ts";
import { pitfall as zeroUntestedOptimizer } from "./zero-untested-optimizer.ts";
import { pitfall as zero3DeviceMap } from "./zero3-device-map.ts";
import { pitfall as zero3NoGatherSave } from "./zero3-no-gather-save.ts";
import { pitfall as zero3PredictWithGenerate } from "./zero3-predict-with-generate.ts";
import { pitfall as zero3Prequantized } from "./zero3-prequantized.ts";
import { pitfall as zero3Qlora } from "./zero3-qlora.ts";
import { pitfall as zero3Unsloth } from "./zero3-unsloth.ts";
import type { Pitfall } from "./pitfall.ts";

export const pitfalls: readonly Pitfall[] = [
  accelerateUnknownKey,
  autoOutsideHf,
  batchMismatchHf,
  batchSizeMismatch,
  batchUndefined,
  bf16ExtraKeys,
  bf16OnPreAmpere,
  bucketNotInteger,
  clippingDisabled,
  commDtypeFp32,
  deepspeedAndFsdp,
  dsActivationCkptIgnored,
  dsClippingMissing,
  dsOptimizerMaxGradNorm,
  dsOptimizerParamsMissing,
  dsOptimizerWithoutScheduler,
  dsTotalStepsInconsistent,
  dsTotalStepsMissing,
  dsUnknownScheduler,
  dsUnknownTopKey,
  dsWarmupLogShape,
  dsWarmupMaxLrMissing,
  dsWarmupStepsDegenerate,
  dsWarmupcosineParams,
  dsWarmupcosineVersion,
  embeddingMaxLenExceedsModel,
  embeddingTooFewNegatives,
  flagembeddingArgRenamed,
  flagembeddingGcNeedsDeepspeed,
  flagembeddingZero3,
  fp16ExtraKeys,
  fp16LrZeroLog,
  fp16OnBf16Model,
  fp16WeightsWithAmp,
  galoreDeepspeed,
  gcDdpUnusedParams,
  gcReentrantDdp,
  hfArgRemovedV5,
  hfArgTooNew,
  hfEvalStrategyRenamed,
  hfOptimConflict,
  hfUnknownArg,
  jsonDuplicateKey,
  launcherCvdConflict,
  loadBestMismatch,
  loadBestStepsMultiple,
  lrMismatchHf,
  lrTooHigh,
  mmengineCosineNoEnd,
  multinodeMasterLocalhost,
  noPrecision,
  noWarmup,
  offloadClientOptimizer,
  offloadMisplaced,
  offloadParamNeedsStage3,
  overlapCommStage2,
  precisionBothEnabled,
  precisionMismatchHf,
  pureBf16Zero3,
  saveOnlyModelResume,
  scheduleMismatchHf,
  schedulerOverridesHf,
  shellMissingBackslash,
  streamingNeedsMaxSteps,
  swiftNprocMismatch,
  warmupBoth,
  warmupStepsFraction,
  zeroDeprecatedKey,
  zeroInferenceNeedsStage3,
  zeroKeyTooNew,
  zeroUnknownKey,
  zeroUntestedOptimizer,
  zero3DeviceMap,
  zero3NoGatherSave,
  zero3PredictWithGenerate,
  zero3Prequantized,
  zero3Qlora,
  zero3Unsloth,
];
