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
  code: "CK102",
  id: "load-best-mismatch",
  severity: "error",
  title: {
    en: "load_best_model_at_end with different save and evaluation strategies",
    zh: "load_best_model_at_end 时保存与评估策略不同",
  },
  why: {
    en: 'The best model can be kept only if every checkpoint has been evaluated; TrainingArguments refuses anything else. An evaluation that is not asked for counts as "no".',
    zh: '只有每个检查点都经过评估才能保留最佳模型；TrainingArguments 会拒绝其他情况。未设置的评估策略视为 "no"。',
  },
  fix: { en: "The same strategy for both.", zh: "两者使用相同的策略。" },
  sources: ["huggingface/transformers#12786", "huggingface/transformers:src/transformers/training_args.py"],
  logs: [/load_best_model_at_end requires the save and (?:eval|evaluation) strategy to match/i],
  *find({ args, dialect }): Iterable<Hit> {
    if (args === null || dialect === "axolotl" || dialect === "swift" || !args.on("load_best_model_at_end")) return;
    const evaluation = args.get("eval_strategy") ?? args.get("evaluation_strategy");
    const saving = args.get("save_strategy");
    if ((evaluation !== null && evaluation.value === undefined) || (saving !== null && saving.value === undefined))
      return;
    const [asked, kept] = [String(evaluation?.value ?? "no"), String(saving?.value ?? "steps")];
    if (asked === kept || kept === "best") return;
    yield {
      at: args.place("load_best_model_at_end"),
      also: [evaluation?.place ?? saving?.place].filter((place) => place !== undefined),
      says: {
        en: `load_best_model_at_end with evaluation by "${asked}" and saving by "${kept}"`,
        zh: `load_best_model_at_end，但评估策略为 "${asked}"，保存策略为 "${kept}"`,
      },
    };
  },
  bad: [{ files: { "run.sh": run("--load_best_model_at_end True", "--save_strategy epoch") } }],
  good: [
    { files: { "run.sh": run("--load_best_model_at_end True", "--eval_strategy epoch", "--save_strategy epoch") } },
  ],
};
