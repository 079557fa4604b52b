import { replaceValue } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

const block = (steps: unknown): string =>
  ds({
    bf16: { enabled: true },
    scheduler: {
      type: "WarmupLR",
      params: { warmup_min_lr: 0, warmup_max_lr: 1e-5, warmup_num_steps: steps, warmup_type: "linear" },
    },
    train_batch_size: 8,
    train_micro_batch_size_per_gpu: 1,
    gradient_accumulation_steps: 1,
    gradient_clipping: 1,
  });

export const pitfall: Pitfall = {
  code: "LR105",
  id: "ds-warmup-steps-degenerate",
  severity: "error",
  title: { en: "warmup_num_steps 0 or 1 in DeepSpeed's scheduler", zh: "DeepSpeed 调度的 warmup_num_steps 为 0 或 1" },
  why: {
    en: "Its warm-up divides by the logarithm of the steps. Releases of early 2021 divide by zero, DeepSpeed 0.19.3 and later refuse anything below 1; in between, and for 1 in all of them, it silently becomes 2.",
    zh: "它的预热要除以步数的对数。2021 年初的版本会除以零，DeepSpeed 0.19.3 及以上拒绝小于 1 的值；其间的版本（以及值为 1 时）会默默变成 2。",
  },
  fix: {
    en: "At least 2 steps, or no scheduler block: the Trainer's own schedule takes a warm-up of 0.",
    zh: "至少写 2 步，或不写 scheduler：Trainer 自己的调度可以不预热。",
  },
  versions: { en: "an error from DeepSpeed 0.19.3", zh: "DeepSpeed 0.19.3 起报错" },
  sources: ["deepspeedai/DeepSpeed#771", "deepspeedai/DeepSpeed#8126", "deepspeedai/DeepSpeed#8148"],
  logs: [/warmup_num_steps must be a positive integer/i],
  *find(job): Iterable<Hit> {
    if (job.ds === null) return;
    const { doc } = job.ds;
    if (!/^Warmup/.test(doc.text("scheduler.type") ?? "")) return;
    const path = "scheduler.params.warmup_num_steps";
    const value = doc.value(path);
    if (typeof value === "number" && value <= 1) {
      const none = value <= 0;
      yield {
        at: doc.place(path),
        severity: none
          ? job.version("deepspeed").below("0.19.3") && job.version("deepspeed").atLeast("0.3.16")
            ? "warning"
            : "error"
          : "info",
        says: none
          ? {
              en: `warmup_num_steps ${value}: DeepSpeed 0.19.3 and later refuse it, older ones make it 2`,
              zh: `warmup_num_steps 为 ${value}：DeepSpeed 0.19.3 及以上会拒绝，更早的版本会改为 2`,
            }
          : { en: "warmup_num_steps 1 runs as 2", zh: "warmup_num_steps 为 1 时按 2 执行" },
        fix: replaceValue(doc, path, "2"),
      };
      return;
    }
    if (value !== "auto" || !byTrainer(job) || job.args === null) return;
    if (!job.version("deepspeed").atLeast("0.19.3") || !job.version("transformers").below("5.0")) return;
    const none = (job.args.number("warmup_steps") ?? 0) === 0 && (job.args.number("warmup_ratio") ?? 0) === 0;
    if (!none || (job.args.get("warmup_steps")?.value === undefined && job.args.has("warmup_steps"))) return;
    yield {
      at: doc.place(path),
      says: {
        en: 'no warm-up is asked for, so "auto" becomes 0, which this DeepSpeed refuses',
        zh: '没有设置预热，"auto" 会变成 0，而此版本的 DeepSpeed 会拒绝',
      },
    };
  },
  bad: [{ files: { "ds.json": block(0) } }, { files: { "ds.json": block(1) } }],
  good: [{ files: { "ds.json": block(100) } }],
};
