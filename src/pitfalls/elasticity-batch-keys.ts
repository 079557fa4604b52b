import type { Hit, Pitfall } from "./pitfall.ts";

const KEYS = ["train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps"];
const elasticity = {
  enabled: true,
  max_train_batch_size: 512,
  micro_batch_sizes: [2, 4],
  min_gpus: 1,
  max_gpus: 64,
  version: 0.1,
};
const alone = (keys: object): string =>
  `${JSON.stringify({ bf16: { enabled: true }, gradient_clipping: 1, zero_optimization: { stage: 2 }, elasticity, ...keys }, null, 2)}\n`;

export const pitfall: Pitfall = {
  code: "BA105",
  id: "elasticity-batch-keys",
  severity: "error",
  title: { en: "Batch sizes beside elasticity", zh: "elasticity 与批大小同时设置" },
  why: {
    en: "Elastic training computes the batch from what it is allowed and how many GPUs there are; any batch key beside it is refused.",
    zh: "弹性训练根据允许的批大小与 GPU 数计算批大小；同时设置的批大小都会被拒绝。",
  },
  fix: {
    en: "Delete the batch keys, or set elasticity.ignore_non_elastic_batch_info to true.",
    zh: "删除批大小，或将 elasticity.ignore_non_elastic_batch_info 设为 true。",
  },
  sources: [
    "deepspeedai/DeepSpeed:deepspeed/runtime/config.py",
    "deepspeedai/DeepSpeed:deepspeed/elasticity/elasticity.py",
  ],
  logs: [/ElasticityConfigError/, /One or more batch related parameters were found in your ds_config/i],
  *find({ ds: file }): Iterable<Hit> {
    if (file === null) return;
    const { doc } = file;
    if (doc.value("elasticity.enabled") !== true || doc.value("elasticity.ignore_non_elastic_batch_info") === true)
      return;
    const [first, ...rest] = KEYS.filter((key) => doc.has(key));
    if (first === undefined) return;
    yield {
      at: doc.place(first),
      also: [...rest.map((key) => doc.place(key)), doc.place("elasticity.enabled")],
      says: {
        en: `${[first, ...rest].join(", ")} beside elasticity: ElasticityConfigError`,
        zh: `${[first, ...rest].join("、")} 与 elasticity 同时设置：ElasticityConfigError`,
      },
    };
  },
  bad: [{ files: { "ds.json": alone({ train_batch_size: 64 }) } }],
  good: [{ files: { "ds.json": alone({}) } }],
};
