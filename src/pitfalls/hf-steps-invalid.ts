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
  code: "HF107",
  id: "hf-steps-invalid",
  severity: "error",
  title: {
    en: "Steps of logging, saving or evaluation that TrainingArguments refuses",
    zh: "TrainingArguments 不接受的日志、保存或评估步数",
  },
  why: {
    en: "logging_steps, save_steps and eval_steps above 1 must be whole; below 1 they are shares of the run. Logging by steps needs a number that is not 0, and evaluation by steps takes logging_steps where eval_steps is missing.",
    zh: "logging_steps、save_steps、eval_steps 大于 1 时必须是整数；小于 1 时表示占总步数的比例。按步记录日志时不能为 0；按步评估而未写 eval_steps 时使用 logging_steps。",
  },
  fix: { en: "A whole number, or a share between 0 and 1.", zh: "写整数，或 0 到 1 之间的比例。" },
  sources: ["huggingface/transformers:src/transformers/training_args.py"],
  logs: [
    /--(?:logging|eval|save)_steps must be an integer if bigger than 1/i,
    /logging strategy \S+ requires non-zero --logging_steps/i,
    /evaluation strategy \S+ requires either non-zero --eval_steps or --logging_steps/i,
  ],
  *find({ args, dialect }): Iterable<Hit> {
    if (args === null || dialect === "axolotl" || dialect === "xtuner") return;
    for (const name of ["logging_steps", "save_steps", "eval_steps"]) {
      const value = args.number(name);
      if (value === undefined || value <= 1 || Number.isInteger(value)) continue;
      yield {
        at: args.place(name),
        says: { en: `${name} ${value} is above 1 and not whole`, zh: `${name} 为 ${value}：大于 1 却不是整数` },
      };
    }
    const by = (...names: readonly string[]): string | undefined =>
      names.map((name) => args.text(name)).find((value) => value !== undefined);
    if (args.number("logging_steps") !== 0) return;
    if (
      (by("logging_strategy") ?? "steps") === "steps" &&
      !(args.has("logging_strategy") && by("logging_strategy") === undefined)
    ) {
      yield {
        at: args.place("logging_steps"),
        says: {
          en: 'logging by steps with logging_steps 0; "no" goes into logging_strategy',
          zh: '按步记录日志而 logging_steps 为 0；若不需要日志，请写 logging_strategy "no"',
        },
      };
    } else if (by("eval_strategy", "evaluation_strategy") === "steps" && !args.has("eval_steps")) {
      yield {
        at: args.place("eval_steps"),
        says: {
          en: "evaluation by steps with neither eval_steps nor logging_steps",
          zh: "按步评估，却没有 eval_steps，logging_steps 也为 0",
        },
      };
    }
  },
  bad: [{ files: { "run.sh": run("--save_steps 2.5") } }, { files: { "run.sh": run("--logging_steps 0") } }],
  good: [{ files: { "run.sh": run("--save_steps 0.1", "--logging_steps 10") } }],
};
