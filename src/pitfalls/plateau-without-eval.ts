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
  code: "LR122",
  id: "plateau-without-eval",
  severity: "error",
  title: { en: "reduce_lr_on_plateau without an evaluation", zh: "使用 reduce_lr_on_plateau 却没有评估" },
  why: {
    en: "The schedule moves on the metric of an evaluation; without one there is none, and TrainingArguments refuses it.",
    zh: "该调度依据评估指标变化；没有评估就没有指标，TrainingArguments 会拒绝。",
  },
  fix: {
    en: "eval_strategy steps or epoch, or another schedule.",
    zh: "设置 eval_strategy 为 steps 或 epoch，或换用其他调度。",
  },
  sources: ["huggingface/transformers:src/transformers/training_args.py"],
  logs: [/lr_scheduler_type reduce_lr_on_plateau requires an eval strategy/i],
  *find({ args, dialect, ds }): Iterable<Hit> {
    if (args === null || dialect === "axolotl" || args.value("lr_scheduler_type") !== "reduce_lr_on_plateau") return;
    const evaluation = args.get("eval_strategy") ?? args.get("evaluation_strategy");
    if ((evaluation !== null && evaluation.value !== "no") || ds?.doc.has("scheduler") === true) return;
    yield {
      at: args.place("lr_scheduler_type"),
      also: evaluation === null ? [] : [evaluation.place],
      says: {
        en: "reduce_lr_on_plateau needs an eval_strategy other than no",
        zh: "reduce_lr_on_plateau 需要 eval_strategy 不为 no",
      },
    };
  },
  bad: [{ files: { "run.sh": run("--lr_scheduler_type reduce_lr_on_plateau") } }],
  good: [{ files: { "run.sh": run("--lr_scheduler_type reduce_lr_on_plateau", "--eval_strategy epoch") } }],
};
