import { worldSize } from "../jobs/facts.ts";
import type { Job } from "../jobs/job.ts";
import { replaceValue } from "./edits.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

/** Keys that the Trainer compares, the argument that it compares them with, and what that is when it is not given. */
const PAIRS = [
  ["train_micro_batch_size_per_gpu", "per_device_train_batch_size", 8],
  ["gradient_accumulation_steps", "gradient_accumulation_steps", 1],
  ["gradient_clipping", "max_grad_norm", 1],
] as const;

/** The value of an argument; a framework that has other defaults leaves it unknown. */
function argument(job: Job, name: string, fallback: number): number | undefined {
  const given = job.args?.get(name) ?? null;
  if (given !== null) return job.args?.number(name);
  return job.dialect === "hf" ||
    job.dialect === "flagembedding" ||
    (job.dialect === "llamafactory" && job.argsFile !== null)
    ? fallback
    : undefined;
}

export const pitfall: Pitfall = {
  code: "BA102",
  id: "batch-mismatch-hf",
  severity: "error",
  title: {
    en: "Batch or clipping in the DeepSpeed config differs from the arguments",
    zh: "DeepSpeed 配置里的批大小或裁剪与参数不一致",
  },
  why: {
    en: "The Trainer compares every number that it could have filled in, its own defaults included (batch 8, accumulation 1, max_grad_norm 1.0), and stops before the first step.",
    zh: "Trainer 会比较每一个它本可以填入的数值，包括它自己的默认值（批大小 8、累积 1、max_grad_norm 1.0），不一致就在第一步之前报错退出。",
  },
  fix: {
    en: 'Write "auto" in the DeepSpeed config, and the number once, in the arguments.',
    zh: '在 DeepSpeed 配置里写 "auto"，数值只在参数里写一次。',
  },
  sources: [
    "CarperAI/trlx#376",
    "hiyouga/LLaMA-Factory#1116",
    "huggingface/transformers:src/transformers/integrations/deepspeed.py",
  ],
  logs: [
    /Please correct the following DeepSpeed config values that mismatch TrainingArguments/i,
    /ds (?:train_micro_batch_size_per_gpu|gradient_accumulation_steps|train_batch_size|gradient_clipping)=\S+ vs hf/i,
  ],
  *find(job): Iterable<Hit> {
    const { ds, args } = job;
    if (ds === null || args === null || !byTrainer(job)) return;
    const { doc } = ds;
    const auto = doc.prefix === "" ? '"auto"' : '"auto"';
    for (const [key, name, fallback] of PAIRS) {
      const literal = doc.number(key);
      const value = argument(job, name, fallback);
      if (literal === undefined || value === undefined || literal === value) continue;
      const given = args.get(name);
      yield {
        at: doc.place(key),
        also: given === null ? [] : [given.place],
        severity: given === null ? "warning" : "error",
        says: {
          en: `${key} is ${literal}, ${given === null ? `${name} is not given and its default is ${value}` : `${given.place.key} is ${value}`}: the Trainer stops`,
          zh: `${key} 为 ${literal}，${given === null ? `而 ${name} 未给出，默认值为 ${value}` : `而 ${given.place.key} 为 ${value}`}：Trainer 会报错退出`,
        },
        fix: given === null ? undefined : replaceValue(doc, key, auto),
      };
    }
    const total = doc.number("train_batch_size");
    const [micro, accumulation, world] = [
      argument(job, "per_device_train_batch_size", 8),
      argument(job, "gradient_accumulation_steps", 1),
      worldSize(job),
    ];
    if (total === undefined || micro === undefined || accumulation === undefined || world === null) return;
    if (total === micro * accumulation * world.value) return;
    const product = `${micro} × ${accumulation} × ${world.value} = ${micro * accumulation * world.value}`;
    yield {
      at: doc.place("train_batch_size"),
      says: {
        en: `train_batch_size is ${total}, and the arguments make ${product}: the Trainer stops`,
        zh: `train_batch_size 为 ${total}，而参数得出 ${product}：Trainer 会报错退出`,
      },
      fix: replaceValue(doc, "train_batch_size", auto),
    };
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10"),
        "ds_config.json": ds({ train_micro_batch_size_per_gpu: 4 }),
      },
    },
    { files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds({ train_batch_size: 32 }) } },
  ],
  good: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10"),
        "ds_config.json": ds({ train_micro_batch_size_per_gpu: 2, gradient_clipping: 1 }),
      },
    },
  ],
};
