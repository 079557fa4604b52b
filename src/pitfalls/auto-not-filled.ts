import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { walk } from "./tools.ts";

/** What transformers and accelerate put a value in for. */
const FILLED = new Set([
  "train_batch_size",
  "train_micro_batch_size_per_gpu",
  "gradient_accumulation_steps",
  "gradient_clipping",
  "fp16.enabled",
  "bf16.enabled",
  "bfloat16.enabled",
  "amp.enabled",
  "amp.opt_level",
  ...["lr", "betas", "eps", "weight_decay"].map((name) => `optimizer.params.${name}`),
  ...["warmup_min_lr", "warmup_max_lr", "warmup_num_steps", "total_num_steps"].map(
    (name) => `scheduler.params.${name}`,
  ),
  ...[
    "stage",
    "reduce_bucket_size",
    "stage3_prefetch_bucket_size",
    "stage3_param_persistence_threshold",
    "stage3_gather_16bit_weights_on_model_save",
    "offload_optimizer.device",
    "offload_optimizer.nvme_path",
    "offload_param.device",
    "offload_param.nvme_path",
  ].map((name) => `zero_optimization.${name}`),
]);

/** What the last of them was called before; older versions fill it. */
const OLD_NAME = "zero_optimization.stage3_gather_fp16_weights_on_model_save";

const command = train("--bf16", "--warmup_steps 10");

export const pitfall: Pitfall = {
  code: "SY115",
  id: "auto-not-filled",
  severity: "error",
  title: { en: '"auto" for a key that is never filled in', zh: '不会被填充的键写成了 "auto"' },
  why: {
    en: 'transformers and accelerate know a value for some two dozen keys. They look through the whole file, and stop at an "auto" that is none of them.',
    zh: 'transformers 与 accelerate 只为二十多个键准备了数值。它们会检查整个文件，遇到其他键的 "auto" 就报错退出。',
  },
  fix: { en: "Write the value, or leave the key out.", zh: "写出数值，或删除该键。" },
  sources: [
    "huggingface/accelerate:src/accelerate/utils/dataclasses.py",
    "huggingface/transformers:src/transformers/integrations/deepspeed.py",
  ],
  logs: [/`\S+` not found in kwargs/],
  *find(job): Iterable<Hit> {
    if (job.ds === null || (job.reader !== "trainer" && job.reader !== "accelerate")) return;
    if (job.version("transformers").below("4.30")) return;
    const { doc } = job.ds;
    for (const { path, node } of walk(doc)) {
      if (node.kind !== "scalar" || node.value !== "auto" || path.includes("[")) continue;
      if (FILLED.has(path) || path === OLD_NAME) continue;
      yield {
        at: doc.place(path),
        says: {
          en: `nothing fills ${path}: "${path} not found in kwargs"`,
          zh: `没有组件填充 ${path}："${path} not found in kwargs"`,
        },
      };
    }
  },
  bad: [
    { files: { "run.sh": command, "ds_config.json": ds({ fp16: { enabled: "auto", loss_scale: "auto" } }) } },
    {
      files: {
        "run.sh": command,
        "ds_config.json": ds({ zero_optimization: { stage: 2, allgather_bucket_size: "auto" } }),
      },
    },
  ],
  good: [{ files: { "run.sh": command, "ds_config.json": ds() } }],
};
