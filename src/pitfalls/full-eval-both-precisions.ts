import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 2 train.py",
    "--output_dir out",
    "--learning_rate 2e-5",
    "--warmup_steps 10",
    "--bf16 True",
    ...flags,
  );

export const pitfall: Pitfall = {
  code: "PR114",
  id: "full-eval-both-precisions",
  severity: "error",
  title: { en: "fp16_full_eval and bf16_full_eval together", zh: "同时启用 fp16_full_eval 与 bf16_full_eval" },
  why: { en: "TrainingArguments takes one of them.", zh: "TrainingArguments 只接受其中之一。" },
  fix: { en: "Keep the one that the training uses.", zh: "保留与训练一致的那一个。" },
  sources: ["huggingface/transformers:src/transformers/training_args.py"],
  logs: [/At most one of fp16 and bf16 can be True for full eval/i],
  *find({ args }): Iterable<Hit> {
    if (args === null || !args.on("fp16_full_eval") || !args.on("bf16_full_eval")) return;
    yield {
      at: args.place("fp16_full_eval"),
      also: [args.place("bf16_full_eval")],
      says: {
        en: "both full_eval precisions are on: the arguments are refused",
        zh: "两种 full_eval 精度同时启用：参数会被拒绝",
      },
    };
  },
  bad: [{ files: { "run.sh": run("--fp16_full_eval True", "--bf16_full_eval True") } }],
  good: [{ files: { "run.sh": run("--bf16_full_eval True") } }],
};
