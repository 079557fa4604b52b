import { replaceValue } from "./edits.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

const config = (total: unknown, warmup: unknown): string =>
  ds({
    scheduler: {
      type: "WarmupDecayLR",
      params: {
        warmup_min_lr: 0,
        warmup_max_lr: "auto",
        warmup_num_steps: warmup,
        total_num_steps: total,
        warmup_type: "linear",
      },
    },
  });

export const pitfall: Pitfall = {
  code: "LR115",
  id: "schedule-mismatch-hf",
  severity: "error",
  title: {
    en: "Steps of DeepSpeed's scheduler differ from those that the Trainer computes",
    zh: "DeepSpeed scheduler 的步数与 Trainer 计算的不一致",
  },
  why: {
    en: "A literal warmup_num_steps or total_num_steps has to equal what the Trainer computes from data, batch and epochs, to the step; otherwise it stops when training begins.",
    zh: "写成数值的 warmup_num_steps 与 total_num_steps 必须与 Trainer 由数据、批与轮数算出的完全一致，否则在训练开始时报错退出。",
  },
  fix: { en: '"auto".', zh: '写 "auto"。' },
  sources: ["huggingface/transformers:src/transformers/integrations/deepspeed.py", "FlagOpen/FlagEmbedding#831"],
  logs: [/ds scheduler\.params\.(?:total_num_steps|warmup_num_steps)=\S+ vs hf/i],
  *find(job): Iterable<Hit> {
    const { ds: file, args } = job;
    if (file === null || args === null || !byTrainer(job)) return;
    const { doc } = file;
    const max = args.number("max_steps");
    const total = max !== undefined && max > 0 ? max : undefined;
    const steps = args.number("warmup_steps");
    const ratio = args.number("warmup_ratio");
    const warmup =
      steps !== undefined && steps >= 1
        ? steps
        : ratio !== undefined && ratio > 0
          ? total === undefined
            ? undefined
            : Math.ceil(total * ratio)
          : args.has("warmup_steps") && steps === undefined
            ? undefined
            : 0;
    for (const [name, value, from] of [
      ["total_num_steps", total, "max_steps"],
      ["warmup_num_steps", warmup, "warmup_steps"],
    ] as const) {
      const path = `scheduler.params.${name}`;
      const literal = doc.number(path);
      if (literal === undefined || literal === value) continue;
      // The degenerate warm-up has a pitfall of its own.
      if (name === "warmup_num_steps" && literal <= 1 && value === 0) continue;
      yield {
        at: doc.place(path),
        also: value === undefined || !args.has(from) ? [] : [args.place(from)],
        severity: value === undefined ? "warning" : "error",
        says:
          value === undefined
            ? {
                en: `${name} ${literal} has to be exactly what the Trainer computes, or it stops`,
                zh: `${name} ${literal} 必须与 Trainer 的计算完全一致，否则会报错退出`,
              }
            : {
                en: `${name} is ${literal}, and the arguments make ${value}: the Trainer stops`,
                zh: `${name} 为 ${literal}，而参数得出 ${value}：Trainer 会报错退出`,
              },
        fix: replaceValue(doc, path, '"auto"'),
      };
    }
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10", "--max_steps 2000"),
        "ds_config.json": config(1000, 100),
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10", "--max_steps 2000"),
        "ds_config.json": config("auto", 10),
      },
    },
  ],
};
