import { sh } from "./examples.ts";
import type { Hit, Pitfall, Text } from "./pitfall.ts";

const run = (...flags: readonly string[]): string =>
  sh("torchrun --nproc_per_node 2 train.py", "--output_dir out", "--learning_rate 2e-5", "--bf16 True", ...flags);

/** Arguments with a range, and what is said of a value outside. */
const RANGES: readonly (readonly [name: string, wrong: (value: number) => boolean, Text])[] = [
  ["warmup_steps", (value) => value < 0, { en: "must not be negative", zh: "不能为负数" }],
  ["warmup_ratio", (value) => value < 0, { en: "must lie between 0 and 1", zh: "必须在 0 与 1 之间" }],
  ["learning_rate", (value) => value < 0, { en: "must not be negative", zh: "不能为负数" }],
  ["weight_decay", (value) => value < 0, { en: "must not be negative", zh: "不能为负数" }],
  [
    "per_device_train_batch_size",
    (value) => value < 1 || !Number.isInteger(value),
    { en: "must be a whole number of 1 or more", zh: "必须是大于等于 1 的整数" },
  ],
  [
    "gradient_accumulation_steps",
    (value) => value < 1 || !Number.isInteger(value),
    { en: "must be a whole number of 1 or more", zh: "必须是大于等于 1 的整数" },
  ],
  [
    "torch_empty_cache_steps",
    (value) => value < 1 || !Number.isInteger(value),
    { en: "must be a whole number of 1 or more", zh: "必须是大于等于 1 的整数" },
  ],
  ["adam_beta1", (value) => value < 0 || value >= 1, { en: "must lie between 0 and 1", zh: "必须在 0 与 1 之间" }],
  ["adam_beta2", (value) => value < 0 || value >= 1, { en: "must lie between 0 and 1", zh: "必须在 0 与 1 之间" }],
];

export const pitfall: Pitfall = {
  code: "HF108",
  id: "hf-number-out-of-range",
  severity: "error",
  title: { en: "An argument out of its range", zh: "参数超出取值范围" },
  why: {
    en: "TrainingArguments, the optimizer or the data loader refuse it, some of them only after the model is loaded.",
    zh: "TrainingArguments、优化器或数据加载器会拒绝，有的要到模型加载之后才报错。",
  },
  fix: { en: "A value in the range that is named.", zh: "改为所述范围内的值。" },
  sources: ["huggingface/transformers:src/transformers/training_args.py"],
  logs: [
    /warmup_steps must be (?:either 0 or > 0|an integer)/i,
    /`torch_empty_cache_steps` must be an integer bigger than 0/i,
    /Invalid (?:learning rate|beta parameter|weight_decay value)/i,
  ],
  *find({ args, dialect }): Iterable<Hit> {
    if (args === null || dialect === "xtuner") return;
    for (const [name, wrong, text] of RANGES) {
      const value = args.number(name);
      if (value === undefined || !wrong(value) || args.get(name)?.name !== name) continue;
      yield {
        at: args.place(name),
        says: { en: `${name} ${value} ${text.en}`, zh: `${name} 为 ${value}：${text.zh}` },
      };
    }
  },
  bad: [
    { files: { "run.sh": run("--warmup_steps -10") } },
    { files: { "run.sh": run("--warmup_steps 10", "--gradient_accumulation_steps 0") } },
  ],
  good: [{ files: { "run.sh": run("--warmup_steps 0", "--gradient_accumulation_steps 1", "--adam_beta2 0.95") } }],
};
