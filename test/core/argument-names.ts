import { atLeast, parseVersion, type Version } from "../../src/core/version.ts";

/** The releases that the names are checked on: the first, the last, and each side of every change in between. */
export const releases = ["4.36.2", "4.37.2", "4.40.0", "4.41.0", "4.44.2", "4.46.0", "4.48.0", "4.49.0", "4.51.3", "4.52.0", "4.57.6", "5.0.0", "5.18.0"] as const;

/**
 * Fields of TrainingArguments that come or go between 4.36 and 5.18: [first release with it, first release without it],
 * from huggingface/transformers src/transformers/training_args.py, tag by tag.
 */
const lifetimes: Readonly<Record<string, readonly [since: string | null, until: string | null]>> = {
  evaluation_strategy: [null, "4.51.0"],
  eval_strategy: ["4.41.0", null],
  warmup_ratio: [null, "5.0.0"], // deprecated in 5.0, gone by 5.2: never to be written from 5.0
  group_by_length: [null, "5.2.0"],
  logging_dir: [null, "5.0.0"],
  overwrite_output_dir: [null, "5.0.0"],
  save_safetensors: [null, "5.0.0"],
  no_cuda: [null, "5.0.0"],
  half_precision_backend: [null, "5.0.0"],
  fp16_backend: [null, "5.0.0"],
  fp16_opt_level: [null, "5.0.0"],
  use_mps_device: [null, "5.0.0"],
  adafactor: [null, "5.0.0"],
  include_tokens_per_second: [null, "5.0.0"],
  jit_mode_eval: [null, "5.0.0"],
  torchdynamo: [null, "5.0.0"],
  per_gpu_train_batch_size: [null, "5.0.0"],
  per_gpu_eval_batch_size: [null, "5.0.0"],
  ray_scope: [null, "5.0.0"],
  past_index: [null, "5.0.0"],
  average_tokens_across_devices: ["4.47.0", null],
  dispatch_batches: [null, "4.51.0"],
  split_batches: [null, "4.51.0"],
  accelerator_config: ["4.38.0", null],
  optim_target_modules: ["4.39.0", null],
  eval_do_concat_batches: ["4.40.0", null],
  eval_on_start: ["4.42.0", null],
  torch_empty_cache_steps: ["4.43.0", null],
  eval_use_gather_object: ["4.43.0", null],
  use_liger_kernel: ["4.45.0", null],
  liger_kernel_config: ["4.53.0", null],
  tp_size: ["4.50.0", "4.52.0"],
  use_ipex: [null, "4.57.0"],
  parallelism_config: ["4.56.0", null],
  use_cache: ["5.0.0", null],
  enable_jit_checkpoint: ["5.0.0", null],
  train_sampling_strategy: ["5.2.0", null],
};

/** Fields that every release from 4.36 to 5.18 has, of those that a generated file may want. */
const always = [
  "output_dir", "run_name", "deepspeed", "per_device_train_batch_size", "per_device_eval_batch_size", "gradient_accumulation_steps",
  "max_steps", "num_train_epochs", "learning_rate", "lr_scheduler_type", "lr_scheduler_kwargs", "warmup_steps", "optim", "adam_beta1",
  "adam_beta2", "adam_epsilon", "weight_decay", "max_grad_norm", "bf16", "fp16", "tf32", "gradient_checkpointing",
  "gradient_checkpointing_kwargs", "logging_steps", "logging_nan_inf_filter", "save_strategy", "save_steps", "save_total_limit",
  "save_only_model", "seed", "data_seed", "report_to", "remove_unused_columns", "dataloader_drop_last", "dataloader_num_workers",
  "ddp_timeout", "ddp_find_unused_parameters", "neftune_noise_alpha", "use_cpu", "full_determinism",
];

const version = (text: string): Version => parseVersion(text) as Version;

const alive = ([since, until]: readonly [string | null, string | null], release: Version): boolean =>
  (since === null || atLeast(release, since)) && (until === null || !atLeast(release, until));

/** Whether a release's TrainingArguments takes a field, without a deprecation. */
export function takes(release: string, name: string): boolean {
  const lifetime = lifetimes[name];
  return lifetime === undefined ? always.includes(name) : alive(lifetime, version(release));
}

/** The release from which `lr_scheduler_type` knows a name: src/transformers/trainer_utils.py. */
const schedulerSince: Readonly<Record<string, string>> = {
  linear: "4.36.0",
  cosine: "4.36.0",
  cosine_with_restarts: "4.36.0",
  polynomial: "4.36.0",
  constant: "4.36.0",
  constant_with_warmup: "4.36.0",
  inverse_sqrt: "4.36.0",
  cosine_with_min_lr: "4.40.0",
  warmup_stable_decay: "4.41.0",
};

export function knowsScheduler(release: string, name: string): boolean {
  const since = schedulerSince[name];
  return since !== undefined && atLeast(version(release), since);
}

/** The keyword arguments that a schedule's function takes, [required, optional]: src/transformers/optimization.py. */
export function schedulerKeywords(release: string, name: string): readonly [readonly string[], readonly string[]] {
  const at = version(release);
  switch (name) {
    case "cosine_with_restarts":
      return [[], ["num_cycles"]];
    case "cosine_with_min_lr":
      // One of the two; an absolute `min_lr` stops transformers 5 under DeepSpeed.
      return [["min_lr_rate"], ["num_cycles"]];
    case "polynomial":
      return [[], ["lr_end", "power"]];
    case "inverse_sqrt":
      return [[], ["timescale"]];
    case "warmup_stable_decay":
      return atLeast(at, "4.49")
        ? [["num_decay_steps"], ["num_stable_steps", "warmup_type", "decay_type", "min_lr_ratio", "num_cycles"]]
        : [["num_stable_steps", "num_decay_steps"], ["min_lr_ratio", "num_cycles"]];
    case "cosine":
      return [[], ["num_cycles"]];
    default:
      return [[], []];
  }
}
