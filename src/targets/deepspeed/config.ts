import type { Plan, Zero } from "../../core/plan/plan.ts";
import type { DeepSpeedScheduler } from "../../core/plan/schedule.ts";
import { deepspeedDefaults } from "../../core/plan/memory/job.ts";

/** A value that transformers fills from TrainingArguments; nothing else may be "auto". */
type Auto = "auto";

interface OffloadTarget {
  readonly device: "cpu" | "nvme";
  readonly nvme_path?: string;
  readonly pin_memory: true;
}

export interface ZeroOptimization {
  readonly stage: 0 | 1 | 2 | 3;
  readonly overlap_comm?: false;
  readonly contiguous_gradients?: true;
  readonly reduce_bucket_size?: number;
  readonly allgather_bucket_size?: number;
  readonly stage3_prefetch_bucket_size?: number;
  readonly stage3_param_persistence_threshold?: number;
  readonly stage3_max_live_parameters?: number;
  readonly sub_group_size?: number;
  readonly stage3_gather_16bit_weights_on_model_save?: true;
  readonly offload_optimizer?: OffloadTarget;
  readonly offload_param?: OffloadTarget;
}

export interface LossScale {
  readonly loss_scale: 0;
  readonly initial_scale_power: number;
  readonly loss_scale_window: 1000;
  readonly hysteresis: 2;
  readonly min_loss_scale: 1;
}

/** A complete block: every parameter stands there, because a missing one silently takes another default. */
export interface SchedulerBlock {
  readonly type: DeepSpeedScheduler;
  readonly params: Readonly<Record<string, Auto | "linear" | number>>;
}

/** What DeepSpeed is told when transformers' Trainer starts it. */
export interface HfDeepSpeedConfig {
  readonly train_micro_batch_size_per_gpu: Auto;
  readonly gradient_accumulation_steps: Auto;
  readonly train_batch_size: Auto;
  readonly gradient_clipping: Auto;
  readonly fp16: { readonly enabled: Auto } & Partial<LossScale>;
  readonly bf16: { readonly enabled: Auto };
  readonly zero_optimization: ZeroOptimization;
  readonly scheduler?: SchedulerBlock;
}

/**
 * `ds_config.json` for the Trainer. Every number that TrainingArguments also states is "auto", so the two can't differ;
 * no optimizer block, and no scheduler block unless DeepSpeed owns the schedule; no `communication_data_type`.
 * Source: huggingface/transformers src/transformers/integrations/deepspeed.py (trainer_config_process and _finalize).
 */
export function hfDeepSpeedConfig(plan: Plan): HfDeepSpeedConfig {
  return {
    train_micro_batch_size_per_gpu: "auto",
    gradient_accumulation_steps: "auto",
    train_batch_size: "auto",
    gradient_clipping: "auto",
    fp16: { enabled: "auto", ...lossScale(plan) },
    bf16: { enabled: "auto" },
    zero_optimization: zeroOptimization(plan),
    ...(plan.schedule.owner.kind === "deepspeed" ? { scheduler: schedulerBlock(plan) } : {}),
  };
}

/** What DeepSpeed is told when XTuner 0.x starts it, which fills almost nothing: literal values, equal to its config's. */
export interface LiteralDeepSpeedConfig {
  /** Stated so that DeepSpeed itself stops a run with another number of processes. */
  readonly train_batch_size: number;
  readonly train_micro_batch_size_per_gpu: number;
  readonly gradient_accumulation_steps: number;
  readonly gradient_clipping: number;
  readonly zero_allow_untested_optimizer: true;
  readonly zero_force_ds_cpu_optimizer: false;
  readonly fp16: { readonly enabled: boolean } & Partial<LossScale>;
  readonly bf16: { readonly enabled: boolean };
  readonly zero_optimization: ZeroOptimization;
}

/**
 * `ds_config.xtuner.json`. Precision comes from here alone under XTuner, so both switches are literal; a scheduler block
 * would compound with mmengine's schedulers, so there is none. Source: InternLM/xtuner xtuner/tools/train.py,
 * open-mmlab/mmengine mmengine/_strategy/deepspeed.py.
 */
export function literalDeepSpeedConfig(plan: Plan): LiteralDeepSpeedConfig {
  return {
    train_batch_size: plan.batch.global,
    train_micro_batch_size_per_gpu: plan.batch.micro,
    gradient_accumulation_steps: plan.batch.accumulation,
    gradient_clipping: plan.optimizer.maxGradNorm,
    zero_allow_untested_optimizer: true,
    zero_force_ds_cpu_optimizer: false,
    fp16: { enabled: plan.precision.kind === "fp16", ...lossScale(plan) },
    bf16: { enabled: plan.precision.kind === "bf16" },
    zero_optimization: zeroOptimization(plan),
  };
}

/** fp16 brings its loss scale; bf16 has none, and DeepSpeed from 0.17.1 rejects those keys in its section. */
function lossScale({ precision }: Plan): LossScale | undefined {
  if (precision.kind !== "fp16") return undefined;
  return {
    loss_scale: 0,
    initial_scale_power: precision.initialScalePower,
    loss_scale_window: 1000,
    hysteresis: 2,
    min_loss_scale: 1,
  };
}

/**
 * `overlap_comm` is written out because its default differs by stage, and off because of the races that have turned
 * gradients into NaN (deepspeedai/DeepSpeed#5347, #7188). Sizes are the plan's, as integers: for "auto" some versions of
 * transformers fill in a fraction, which DeepSpeed rejects.
 */
function zeroOptimization({ zero, model, buckets }: Plan): ZeroOptimization {
  if (zero.stage === 0) return { stage: 0 };
  const common = {
    stage: zero.stage,
    overlap_comm: false,
    contiguous_gradients: true,
    reduce_bucket_size: buckets.reduce,
  } as const;
  if (zero.stage !== 3) return { ...common, allgather_bucket_size: buckets.allgather, ...offloadOf(zero) };
  const bounded = buckets.subGroup < deepspeedDefaults.subGroup;
  return {
    ...common,
    stage3_prefetch_bucket_size: buckets.prefetch,
    stage3_param_persistence_threshold: 10 * model.architecture.hiddenSize,
    ...(bounded ? { stage3_max_live_parameters: buckets.maxLive, sub_group_size: buckets.subGroup } : {}),
    stage3_gather_16bit_weights_on_model_save: true,
    ...offloadOf(zero),
  };
}

function offloadOf({ offload }: Zero): Pick<ZeroOptimization, "offload_optimizer" | "offload_param"> {
  const cpu = { device: "cpu", pin_memory: true } as const;
  switch (offload.kind) {
    case "none":
      return {};
    case "optimizer":
      return { offload_optimizer: cpu };
    case "all":
      return { offload_optimizer: cpu, offload_param: cpu };
    case "nvme":
      return { offload_optimizer: { device: "nvme", nvme_path: offload.path, pin_memory: true } };
  }
}

function schedulerBlock({ schedule }: Plan): SchedulerBlock {
  const { owner, shape } = schedule;
  const type = owner.kind === "deepspeed" ? owner.type : "WarmupLR";
  switch (type) {
    case "WarmupLR":
      return {
        type,
        params: { warmup_min_lr: "auto", warmup_max_lr: "auto", warmup_num_steps: "auto", warmup_type: "linear" },
      };
    case "WarmupDecayLR":
      return {
        type,
        params: {
          warmup_min_lr: "auto",
          warmup_max_lr: "auto",
          warmup_num_steps: "auto",
          warmup_type: "linear",
          total_num_steps: "auto",
        },
      };
    case "WarmupCosineLR":
      return {
        type,
        params: {
          warmup_min_ratio: 0,
          warmup_num_steps: "auto",
          warmup_type: "linear",
          cos_min_ratio: shape.name === "cosine_with_min_lr" ? shape.minLrRatio : 0,
          total_num_steps: "auto",
        },
      };
  }
}
