import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 2 train.py",
    "--output_dir out",
    "--learning_rate 2e-5",
    "--warmup_steps 10",
    "--bf16",
    ...flags,
  );

export const pitfall: Pitfall = {
  code: "CK101",
  id: "load-best-steps-multiple",
  severity: "error",
  title: {
    en: "load_best_model_at_end with save_steps that is no multiple of eval_steps",
    zh: "load_best_model_at_end 时 save_steps 不是 eval_steps 的整数倍",
  },
  why: {
    en: "The best model can be kept only if every checkpoint has been evaluated; TrainingArguments refuses anything else.",
    zh: "只有每个检查点都经过评估才能保留最佳模型；TrainingArguments 会拒绝其他情况。",
  },
  fix: { en: "Make save_steps a multiple of eval_steps.", zh: "把 save_steps 设为 eval_steps 的整数倍。" },
  sources: ["huggingface/transformers#12786", "huggingface/transformers:src/transformers/training_args.py"],
  logs: [/load_best_model_at_end requires the saving steps to be a (?:round )?multiple of the evaluation steps/i],
  *find({ args, dialect }): Iterable<Hit> {
    if (args === null || dialect === "axolotl" || dialect === "swift" || !args.on("load_best_model_at_end")) return;
    const evaluation = args.text("eval_strategy") ?? args.text("evaluation_strategy") ?? "no";
    if (evaluation !== "steps" || (args.text("save_strategy") ?? "steps") !== "steps") return;
    const save = args.number("save_steps") ?? (args.has("save_steps") ? undefined : 500);
    const every =
      args.number("eval_steps") ?? (args.has("eval_steps") ? undefined : (args.number("logging_steps") ?? 500));
    if (save === undefined || every === undefined || every <= 0 || save <= 0) return;
    // Ratios of the run compare with ratios only.
    const even = save < 1 && every < 1 ? Math.abs(save / every - Math.round(save / every)) < 1e-6 : save % every === 0;
    if (even || save < 1 !== every < 1) return;
    yield {
      at: args.place(args.has("save_steps") ? "save_steps" : "eval_steps"),
      says: {
        en: `save_steps ${save} is no multiple of eval_steps ${every}: some checkpoints would not be evaluated`,
        zh: `save_steps ${save} 不是 eval_steps ${every} 的整数倍：有些检查点不会被评估`,
      },
    };
  },
  bad: [
    {
      files: {
        "run.sh": run("--load_best_model_at_end True", "--eval_strategy steps", "--eval_steps 500", "--save_steps 700"),
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": run(
          "--load_best_model_at_end True",
          "--eval_strategy steps",
          "--eval_steps 500",
          "--save_steps 1000",
        ),
      },
    },
    { files: { "run.sh": run("--eval_strategy steps", "--eval_steps 500", "--save_steps 700") } },
  ],
};
