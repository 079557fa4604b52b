/** A DeepSpeed config as people have it, with other keys put in. */
export const ds = (keys: Readonly<Record<string, unknown>> = {}): string =>
  `${JSON.stringify(
    {
      bf16: { enabled: "auto" },
      zero_optimization: { stage: 2, overlap_comm: false },
      train_batch_size: "auto",
      train_micro_batch_size_per_gpu: "auto",
      gradient_accumulation_steps: "auto",
      gradient_clipping: "auto",
      ...keys,
    },
    null,
    2,
  )}\n`;

/** A launch script: a command, one flag a line. */
export const sh = (command: string, ...flags: readonly string[]): string =>
  `#!/bin/bash\n${[command, ...flags.map((flag) => `  ${flag}`)].join(" \\\n")}\n`;

/** A Trainer's command with a DeepSpeed config, and other flags. */
export const train = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 8 train.py",
    "--model_name_or_path facebook/opt-6.7b",
    "--output_dir out",
    "--per_device_train_batch_size 2",
    "--gradient_accumulation_steps 4",
    "--learning_rate 1e-5",
    "--deepspeed ds_config.json",
    ...flags,
  );

/** A LLaMA-Factory file with other keys. */
export const factory = (...lines: readonly string[]): string =>
  `${["model_name_or_path: Qwen/Qwen2.5-7B-Instruct", "stage: sft", "do_train: true", "dataset: identity", "template: qwen", "output_dir: out", "bf16: true", "warmup_steps: 20", ...lines].join("\n")}\n`;

/** A FlagEmbedding command with other flags. */
export const embed = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 2 -m FlagEmbedding.finetune.embedder.encoder_only.base",
    "--model_name_or_path BAAI/bge-large-zh-v1.5",
    "--train_data train.jsonl",
    "--output_dir out",
    "--learning_rate 1e-5",
    "--warmup_ratio 0.1",
    ...flags,
  );

/** The part of an XTuner config that schedules, with the cosine's own arguments. */
export const xtuner = (cosine: string, more = ""): string =>
  `from mmengine.optim import CosineAnnealingLR, LinearLR
from xtuner.engine.runner import TrainLoop

max_epochs = 3
lr = 2e-4
warmup_ratio = 0.03
optim_wrapper = dict(optimizer=dict(lr=lr), clip_grad=dict(max_norm=1))
param_scheduler = [
    dict(type=LinearLR, start_factor=1e-5, by_epoch=True, begin=0, end=warmup_ratio * max_epochs, convert_to_iter_based=True),
    dict(type=CosineAnnealingLR, ${cosine}),
]
train_cfg = dict(type=TrainLoop, max_epochs=max_epochs)
${more}`;
