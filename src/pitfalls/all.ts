// Written by scripts/pitfalls.js from the files of this folder.
import { pitfall as accelerateArgsDisagree } from "./accelerate-args-disagree.ts";
import { pitfall as accelerateDsFileConflict } from "./accelerate-ds-file-conflict.ts";
import { pitfall as accelerateLaunchConflict } from "./accelerate-launch-conflict.ts";
import { pitfall as accelerateOptimizerTwice } from "./accelerate-optimizer-twice.ts";
import { pitfall as accelerateUnknownKey } from "./accelerate-unknown-key.ts";
import { pitfall as allreduceSumZero3 } from "./allreduce-sum-zero3.ts";
import { pitfall as ampWithZero } from "./amp-with-zero.ts";
import { pitfall as argumentsAfterModel } from "./arguments-after-model.ts";
import { pitfall as autoFindBatchSizeZero3 } from "./auto-find-batch-size-zero3.ts";
import { pitfall as autoHiddenSize } from "./auto-hidden-size.ts";
import { pitfall as autoNotFilled } from "./auto-not-filled.ts";
import { pitfall as autoOutsideHf } from "./auto-outside-hf.ts";
import { pitfall as autotpVersion } from "./autotp-version.ts";
import { pitfall as batchMismatchHf } from "./batch-mismatch-hf.ts";
import { pitfall as batchSizeMismatch } from "./batch-size-mismatch.ts";
import { pitfall as batchUndefined } from "./batch-undefined.ts";
import { pitfall as bf16ExtraKeys } from "./bf16-extra-keys.ts";
import { pitfall as bf16OnPreAmpere } from "./bf16-on-pre-ampere.ts";
import { pitfall as bucketNotInteger } from "./bucket-not-integer.ts";
import { pitfall as clippingDisabled } from "./clipping-disabled.ts";
import { pitfall as commDtypeFp32 } from "./comm-dtype-fp32.ts";
import { pitfall as constantIgnoresWarmup } from "./constant-ignores-warmup.ts";
import { pitfall as cosineMinLrKwargs } from "./cosine-min-lr-kwargs.ts";
import { pitfall as deepspeedAndFsdp } from "./deepspeed-and-fsdp.ts";
import { pitfall as doesNotFit } from "./does-not-fit.ts";
import { pitfall as dsActivationCkptIgnored } from "./ds-activation-ckpt-ignored.ts";
import { pitfall as dsClippingMissing } from "./ds-clipping-missing.ts";
import { pitfall as dsConfigNotFound } from "./ds-config-not-found.ts";
import { pitfall as dsCycleNotPositive } from "./ds-cycle-not-positive.ts";
import { pitfall as dsKeyWithoutEffect } from "./ds-key-without-effect.ts";
import { pitfall as dsOptimizerMaxGradNorm } from "./ds-optimizer-max-grad-norm.ts";
import { pitfall as dsOptimizerParamsMissing } from "./ds-optimizer-params-missing.ts";
import { pitfall as dsOptimizerWithoutScheduler } from "./ds-optimizer-without-scheduler.ts";
import { pitfall as dsPlainPythonLaunch } from "./ds-plain-python-launch.ts";
import { pitfall as dsTotalStepsInconsistent } from "./ds-total-steps-inconsistent.ts";
import { pitfall as dsTotalStepsMissing } from "./ds-total-steps-missing.ts";
import { pitfall as dsTypeMismatch } from "./ds-type-mismatch.ts";
import { pitfall as dsUnknownOptimizer } from "./ds-unknown-optimizer.ts";
import { pitfall as dsUnknownScheduler } from "./ds-unknown-scheduler.ts";
import { pitfall as dsUnknownTopKey } from "./ds-unknown-top-key.ts";
import { pitfall as dsUnknownWarmupType } from "./ds-unknown-warmup-type.ts";
import { pitfall as dsWarmupFirstStep } from "./ds-warmup-first-step.ts";
import { pitfall as dsWarmupLogShape } from "./ds-warmup-log-shape.ts";
import { pitfall as dsWarmupMaxLrMissing } from "./ds-warmup-max-lr-missing.ts";
import { pitfall as dsWarmupStepsDegenerate } from "./ds-warmup-steps-degenerate.ts";
import { pitfall as dsWarmupcosineParams } from "./ds-warmupcosine-params.ts";
import { pitfall as dsWarmupcosineVersion } from "./ds-warmupcosine-version.ts";
import { pitfall as elasticityBatchKeys } from "./elasticity-batch-keys.ts";
import { pitfall as embeddingFp16Unstable } from "./embedding-fp16-unstable.ts";
import { pitfall as embeddingLengthLimits } from "./embedding-length-limits.ts";
import { pitfall as embeddingLrTooHigh } from "./embedding-lr-too-high.ts";
import { pitfall as embeddingMaxLenExceedsModel } from "./embedding-max-len-exceeds-model.ts";
import { pitfall as embeddingTooFewNegatives } from "./embedding-too-few-negatives.ts";
import { pitfall as flagembeddingArgRenamed } from "./flagembedding-arg-renamed.ts";
import { pitfall as flagembeddingCrossDeviceSingleGpu } from "./flagembedding-cross-device-single-gpu.ts";
import { pitfall as flagembeddingGcNeedsDeepspeed } from "./flagembedding-gc-needs-deepspeed.ts";
import { pitfall as flagembeddingInstructionNone } from "./flagembedding-instruction-none.ts";
import { pitfall as flagembeddingNoNegatives } from "./flagembedding-no-negatives.ts";
import { pitfall as flagembeddingOldModule } from "./flagembedding-old-module.ts";
import { pitfall as flagembeddingRerankerDropLast } from "./flagembedding-reranker-drop-last.ts";
import { pitfall as flagembeddingTransformers5 } from "./flagembedding-transformers5.ts";
import { pitfall as flagembeddingZero3 } from "./flagembedding-zero3.ts";
import { pitfall as fp16ExtraKeys } from "./fp16-extra-keys.ts";
import { pitfall as fp16LrZeroLog } from "./fp16-lr-zero-log.ts";
import { pitfall as fp16OnBf16Model } from "./fp16-on-bf16-model.ts";
import { pitfall as fp16WeightsWithAmp } from "./fp16-weights-with-amp.ts";
import { pitfall as fsdpGradientCheckpointing } from "./fsdp-gradient-checkpointing.ts";
import { pitfall as fsdpUnknownOption } from "./fsdp-unknown-option.ts";
import { pitfall as fullEvalBothPrecisions } from "./full-eval-both-precisions.ts";
import { pitfall as galoreDeepspeed } from "./galore-deepspeed.ts";
import { pitfall as gcDdpUnusedParams } from "./gc-ddp-unused-params.ts";
import { pitfall as gcReentrantDdp } from "./gc-reentrant-ddp.ts";
import { pitfall as hfArgRemovedV5 } from "./hf-arg-removed-v5.ts";
import { pitfall as hfArgTooNew } from "./hf-arg-too-new.ts";
import { pitfall as hfEvalStrategyRenamed } from "./hf-eval-strategy-renamed.ts";
import { pitfall as hfNumberOutOfRange } from "./hf-number-out-of-range.ts";
import { pitfall as hfOptimConflict } from "./hf-optim-conflict.ts";
import { pitfall as hfStepsInvalid } from "./hf-steps-invalid.ts";
import { pitfall as hfUnknownArg } from "./hf-unknown-arg.ts";
import { pitfall as hfUnknownSchedule } from "./hf-unknown-schedule.ts";
import { pitfall as hostfileSlots } from "./hostfile-slots.ts";
import { pitfall as initialScalePowerHigh } from "./initial-scale-power-high.ts";
import { pitfall as jsonComment } from "./json-comment.ts";
import { pitfall as jsonDuplicateKey } from "./json-duplicate-key.ts";
import { pitfall as jsonSyntax } from "./json-syntax.ts";
import { pitfall as jsonTrailingComma } from "./json-trailing-comma.ts";
import { pitfall as launcherArgMisplaced } from "./launcher-arg-misplaced.ts";
import { pitfall as launcherCvdConflict } from "./launcher-cvd-conflict.ts";
import { pitfall as launcherCvdSlots } from "./launcher-cvd-slots.ts";
import { pitfall as launcherIncludeNumGpus } from "./launcher-include-num-gpus.ts";
import { pitfall as loadBestMismatch } from "./load-best-mismatch.ts";
import { pitfall as loadBestStepsMultiple } from "./load-best-steps-multiple.ts";
import { pitfall as lrMismatchHf } from "./lr-mismatch-hf.ts";
import { pitfall as lrTooHigh } from "./lr-too-high.ts";
import { pitfall as masterPortShared } from "./master-port-shared.ts";
import { pitfall as masterWeightsNeedZero } from "./master-weights-need-zero.ts";
import { pitfall as mmengineCosineNoEnd } from "./mmengine-cosine-no-end.ts";
import { pitfall as mmengineFractionalEpoch } from "./mmengine-fractional-epoch.ts";
import { pitfall as mmengineStartFactorZero } from "./mmengine-start-factor-zero.ts";
import { pitfall as mmengineTmaxVsEnd } from "./mmengine-tmax-vs-end.ts";
import { pitfall as mmengineWindows } from "./mmengine-windows.ts";
import { pitfall as moeLeafVersion } from "./moe-leaf-version.ts";
import { pitfall as multinodeMasterLocalhost } from "./multinode-master-localhost.ts";
import { pitfall as multinodeRankMissing } from "./multinode-rank-missing.ts";
import { pitfall as nanShownAsZero } from "./nan-shown-as-zero.ts";
import { pitfall as noPrecision } from "./no-precision.ts";
import { pitfall as noWarmup } from "./no-warmup.ts";
import { pitfall as offloadAtStage0 } from "./offload-at-stage0.ts";
import { pitfall as offloadClientOptimizer } from "./offload-client-optimizer.ts";
import { pitfall as offloadMisplaced } from "./offload-misplaced.ts";
import { pitfall as offloadNotNeeded } from "./offload-not-needed.ts";
import { pitfall as offloadParamNeedsStage3 } from "./offload-param-needs-stage3.ts";
import { pitfall as onebitWithZero } from "./onebit-with-zero.ts";
import { pitfall as overlapCommStage2 } from "./overlap-comm-stage2.ts";
import { pitfall as plateauWithoutEval } from "./plateau-without-eval.ts";
import { pitfall as precisionBothEnabled } from "./precision-both-enabled.ts";
import { pitfall as precisionMismatchHf } from "./precision-mismatch-hf.ts";
import { pitfall as prefetchWithoutWorkers } from "./prefetch-without-workers.ts";
import { pitfall as pureBf16Zero3 } from "./pure-bf16-zero3.ts";
import { pitfall as saveOnlyModelResume } from "./save-only-model-resume.ts";
import { pitfall as scheduleMismatchHf } from "./schedule-mismatch-hf.ts";
import { pitfall as schedulerOverridesHf } from "./scheduler-overrides-hf.ts";
import { pitfall as shellMissingBackslash } from "./shell-missing-backslash.ts";
import { pitfall as streamingNeedsMaxSteps } from "./streaming-needs-max-steps.ts";
import { pitfall as stringBoolean } from "./string-boolean.ts";
import { pitfall as stringNumber } from "./string-number.ts";
import { pitfall as swiftNprocMismatch } from "./swift-nproc-mismatch.ts";
import { pitfall as tf32Unsupported } from "./tf32-unsupported.ts";
import { pitfall as warmupBoth } from "./warmup-both.ts";
import { pitfall as warmupExceedsRun } from "./warmup-exceeds-run.ts";
import { pitfall as warmupStepsFraction } from "./warmup-steps-fraction.ts";
import { pitfall as xtunerDsScheduler } from "./xtuner-ds-scheduler.ts";
import { pitfall as xtunerItersAndEpochs } from "./xtuner-iters-and-epochs.ts";
import { pitfall as xtuner1ConstantDefault } from "./xtuner1-constant-default.ts";
import { pitfall as xtuner1LrConfig } from "./xtuner1-lr-config.ts";
import { pitfall as xtuner1LrMin } from "./xtuner1-lr-min.ts";
import { pitfall as yamlSciString } from "./yaml-sci-string.ts";
import { pitfall as zeroDeprecatedKey } from "./zero-deprecated-key.ts";
import { pitfall as zeroInferenceNeedsStage3 } from "./zero-inference-needs-stage3.ts";
import { pitfall as zeroKeyTooNew } from "./zero-key-too-new.ts";
import { pitfall as zeroPrescaleGradients } from "./zero-prescale-gradients.ts";
import { pitfall as zeroSectionMissing } from "./zero-section-missing.ts";
import { pitfall as zeroUnknownKey } from "./zero-unknown-key.ts";
import { pitfall as zeroUntestedOptimizer } from "./zero-untested-optimizer.ts";
import { pitfall as zero3DeviceMap } from "./zero3-device-map.ts";
import { pitfall as zero3InitWithoutStage3 } from "./zero3-init-without-stage3.ts";
import { pitfall as zero3MoeLeaf } from "./zero3-moe-leaf.ts";
import { pitfall as zero3NoGatherSave } from "./zero3-no-gather-save.ts";
import { pitfall as zero3PredictWithGenerate } from "./zero3-predict-with-generate.ts";
import { pitfall as zero3Prequantized } from "./zero3-prequantized.ts";
import { pitfall as zero3Qlora } from "./zero3-qlora.ts";
import { pitfall as zero3Unsloth } from "./zero3-unsloth.ts";
import type { Pitfall } from "./pitfall.ts";

export const pitfalls: readonly Pitfall[] = [
  accelerateArgsDisagree,
  accelerateDsFileConflict,
  accelerateLaunchConflict,
  accelerateOptimizerTwice,
  accelerateUnknownKey,
  allreduceSumZero3,
  ampWithZero,
  argumentsAfterModel,
  autoFindBatchSizeZero3,
  autoHiddenSize,
  autoNotFilled,
  autoOutsideHf,
  autotpVersion,
  batchMismatchHf,
  batchSizeMismatch,
  batchUndefined,
  bf16ExtraKeys,
  bf16OnPreAmpere,
  bucketNotInteger,
  clippingDisabled,
  commDtypeFp32,
  constantIgnoresWarmup,
  cosineMinLrKwargs,
  deepspeedAndFsdp,
  doesNotFit,
  dsActivationCkptIgnored,
  dsClippingMissing,
  dsConfigNotFound,
  dsCycleNotPositive,
  dsKeyWithoutEffect,
  dsOptimizerMaxGradNorm,
  dsOptimizerParamsMissing,
  dsOptimizerWithoutScheduler,
  dsPlainPythonLaunch,
  dsTotalStepsInconsistent,
  dsTotalStepsMissing,
  dsTypeMismatch,
  dsUnknownOptimizer,
  dsUnknownScheduler,
  dsUnknownTopKey,
  dsUnknownWarmupType,
  dsWarmupFirstStep,
  dsWarmupLogShape,
  dsWarmupMaxLrMissing,
  dsWarmupStepsDegenerate,
  dsWarmupcosineParams,
  dsWarmupcosineVersion,
  elasticityBatchKeys,
  embeddingFp16Unstable,
  embeddingLengthLimits,
  embeddingLrTooHigh,
  embeddingMaxLenExceedsModel,
  embeddingTooFewNegatives,
  flagembeddingArgRenamed,
  flagembeddingCrossDeviceSingleGpu,
  flagembeddingGcNeedsDeepspeed,
  flagembeddingInstructionNone,
  flagembeddingNoNegatives,
  flagembeddingOldModule,
  flagembeddingRerankerDropLast,
  flagembeddingTransformers5,
  flagembeddingZero3,
  fp16ExtraKeys,
  fp16LrZeroLog,
  fp16OnBf16Model,
  fp16WeightsWithAmp,
  fsdpGradientCheckpointing,
  fsdpUnknownOption,
  fullEvalBothPrecisions,
  galoreDeepspeed,
  gcDdpUnusedParams,
  gcReentrantDdp,
  hfArgRemovedV5,
  hfArgTooNew,
  hfEvalStrategyRenamed,
  hfNumberOutOfRange,
  hfOptimConflict,
  hfStepsInvalid,
  hfUnknownArg,
  hfUnknownSchedule,
  hostfileSlots,
  initialScalePowerHigh,
  jsonComment,
  jsonDuplicateKey,
  jsonSyntax,
  jsonTrailingComma,
  launcherArgMisplaced,
  launcherCvdConflict,
  launcherCvdSlots,
  launcherIncludeNumGpus,
  loadBestMismatch,
  loadBestStepsMultiple,
  lrMismatchHf,
  lrTooHigh,
  masterPortShared,
  masterWeightsNeedZero,
  mmengineCosineNoEnd,
  mmengineFractionalEpoch,
  mmengineStartFactorZero,
  mmengineTmaxVsEnd,
  mmengineWindows,
  moeLeafVersion,
  multinodeMasterLocalhost,
  multinodeRankMissing,
  nanShownAsZero,
  noPrecision,
  noWarmup,
  offloadAtStage0,
  offloadClientOptimizer,
  offloadMisplaced,
  offloadNotNeeded,
  offloadParamNeedsStage3,
  onebitWithZero,
  overlapCommStage2,
  plateauWithoutEval,
  precisionBothEnabled,
  precisionMismatchHf,
  prefetchWithoutWorkers,
  pureBf16Zero3,
  saveOnlyModelResume,
  scheduleMismatchHf,
  schedulerOverridesHf,
  shellMissingBackslash,
  streamingNeedsMaxSteps,
  stringBoolean,
  stringNumber,
  swiftNprocMismatch,
  tf32Unsupported,
  warmupBoth,
  warmupExceedsRun,
  warmupStepsFraction,
  xtunerDsScheduler,
  xtunerItersAndEpochs,
  xtuner1ConstantDefault,
  xtuner1LrConfig,
  xtuner1LrMin,
  yamlSciString,
  zeroDeprecatedKey,
  zeroInferenceNeedsStage3,
  zeroKeyTooNew,
  zeroPrescaleGradients,
  zeroSectionMissing,
  zeroUnknownKey,
  zeroUntestedOptimizer,
  zero3DeviceMap,
  zero3InitWithoutStage3,
  zero3MoeLeaf,
  zero3NoGatherSave,
  zero3PredictWithGenerate,
  zero3Prequantized,
  zero3Qlora,
  zero3Unsloth,
];
