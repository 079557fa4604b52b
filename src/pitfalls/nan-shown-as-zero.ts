import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 2 train.py",
    "--model_name_or_path facebook/opt-6.7b",
    "--output_dir out",
    "--learning_rate 1e-5",
    "--warmup_steps 10",
    ...flags,
  );

export const pitfall: Pitfall = {
  code: "PR111",
  id: "nan-shown-as-zero",
  severity: "info",
  title: { en: "A NaN loss that is logged as 0.0", zh: "NaN 损失被记录为 0.0" },
  why: {
    en: "logging_nan_inf_filter is on by default: the Trainer leaves NaN and infinite losses out of the average, and an average of nothing is 0.0. A gradient norm of exactly 1.0 or 1.41421 beside it is NaN as well: one for each group of parameters.",
    zh: "logging_nan_inf_filter 默认开启：Trainer 求平均时丢弃 NaN 与无穷大的损失，而空的平均就是 0.0。同时出现恰好为 1.0 或 1.41421 的梯度范数也意味着 NaN：每个参数组各贡献一份。",
  },
  fix: {
    en: "--logging_nan_inf_filter False, so that a NaN shows; then look for its cause: fp16, overlap_comm, the learning rate.",
    zh: "加上 --logging_nan_inf_filter False 让 NaN 显示出来；再查找原因：fp16、overlap_comm、学习率。",
  },
  sources: ["huggingface/transformers:src/transformers/trainer.py", "QwenLM/Qwen#967", "deepspeedai/DeepSpeed#5242"],
  logs: [
    /'loss': '?0\.0'?,.*'grad_norm': '?(?:nan|inf|1\.0|1\.4142\d*|0\.0)\b/i,
    /loss(?:'|")?\s*[:=]\s*0\.0+\b.*grad_?norm(?:'|")?\s*[:=]\s*(?:nan|1\.414)/i,
  ],
  *find({ args, dialect }): Iterable<Hit> {
    // Nobody switches the filter off by chance: only fp16, where NaN is likely, is worth a line.
    if (args === null || dialect !== "hf" || !args.on("fp16") || args.value("logging_nan_inf_filter") !== true) return;
    yield {
      at: args.place("logging_nan_inf_filter"),
      says: {
        en: "in fp16 a NaN is likely, and this logs it as loss 0.0",
        zh: "fp16 下容易出现 NaN，而此设置会把它记录为损失 0.0",
      },
    };
  },
  bad: [{ files: { "run.sh": run("--fp16 True", "--logging_nan_inf_filter True") } }],
  good: [{ files: { "run.sh": run("--fp16 True", "--logging_nan_inf_filter False") } }],
};
