import { replaceValue } from "./edits.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

/** Numbers that the Trainer compares, with their argument and what that is when it is not given. */
const PAIRS = [
  ["optimizer.params.lr", "learning_rate", 5e-5],
  ["scheduler.params.warmup_max_lr", "learning_rate", 5e-5],
  ["optimizer.params.eps", "adam_epsilon", 1e-8],
  ["optimizer.params.weight_decay", "weight_decay", 0],
  ["optimizer.params.betas[0]", "adam_beta1", 0.9],
  ["optimizer.params.betas[1]", "adam_beta2", 0.999],
] as const;

const config = (lr: unknown): string =>
  ds({ optimizer: { type: "AdamW", params: { lr, betas: "auto", eps: "auto", weight_decay: "auto" } } });

export const pitfall: Pitfall = {
  code: "LR114",
  id: "lr-mismatch-hf",
  severity: "error",
  title: { en: "A number of the optimizer differs from the arguments", zh: "优化器的数值与参数不一致" },
  why: {
    en: "The Trainer compares the learning rate, betas, eps and weight decay of the DeepSpeed config with its arguments, their defaults included, and stops.",
    zh: "Trainer 会把 DeepSpeed 配置中的学习率、betas、eps 与 weight_decay 同参数（包括默认值）比较，不一致就报错退出。",
  },
  fix: { en: '"auto" in the DeepSpeed config.', zh: '在 DeepSpeed 配置里写 "auto"。' },
  sources: ["huggingface/transformers:src/transformers/integrations/deepspeed.py"],
  logs: [/ds optimizer\.params\.\w+=\S+ vs hf/i, /ds scheduler\.params\.warmup_max_lr=\S+ vs hf/i],
  *find(job): Iterable<Hit> {
    const { ds: file, args } = job;
    if (file === null || args === null || !byTrainer(job)) return;
    const { doc } = file;
    for (const [path, name, fallback] of PAIRS) {
      const literal = doc.number(path);
      const given = args.get(name);
      // Only TrainingArguments themselves have these defaults.
      const value =
        given === null
          ? job.dialect === "hf" || job.dialect === "flagembedding"
            ? fallback
            : undefined
          : args.number(name);
      if (literal === undefined || value === undefined || literal === value) continue;
      const whole = path.replace(/\[\d\]$/, "");
      yield {
        at: doc.place(path.includes("[") ? whole : path),
        also: given === null ? [] : [given.place],
        severity: given === null ? "warning" : "error",
        says: {
          en: `${whole} is ${literal}, ${given === null ? `${name} is not given and its default is ${value}` : `${given.place.key} is ${value}`}: the Trainer stops`,
          zh: `${whole} 为 ${literal}，${given === null ? `而 ${name} 未给出，默认值为 ${value}` : `而 ${given.place.key} 为 ${value}`}：Trainer 会报错退出`,
        },
        fix: given === null ? undefined : replaceValue(doc, whole, '"auto"'),
      };
    }
  },
  bad: [{ files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": config(3e-5) } }],
  good: [{ files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": config(1e-5) } }],
};
