import { wholeNumbers } from "../catalog/names/deepspeed.ts";
import { replaceValue } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "SY105",
  id: "bucket-not-integer",
  severity: "error",
  title: { en: "A fraction where DeepSpeed wants a whole number", zh: "DeepSpeed 要求整数之处写了小数" },
  why: {
    en: "0.9 × hidden size² from the documentation, or filled in by transformers before 4.45, is seldom a whole number; DeepSpeed 0.15 and later refuse it. 5e8 is whole, and fine.",
    zh: "文档中的 0.9 × 隐藏维度²，或由 transformers 4.45 之前版本填入的值，往往不是整数；DeepSpeed 0.15 及以上会拒绝。5e8 是整数，没有问题。",
  },
  fix: {
    en: 'Round it, or write "auto" with transformers 4.45 or later.',
    zh: '取整，或在 transformers 4.45 及以上写 "auto"。',
  },
  versions: { en: "DeepSpeed 0.15 and later", zh: "DeepSpeed 0.15 及以上" },
  sources: ["THUDM/LongWriter#16", "huggingface/accelerate#2814", "huggingface/transformers#36081"],
  logs: [/Input should be a valid integer, got a number with a fractional part/i, /int_from_float/],
  *find(job): Iterable<Hit> {
    if (job.ds === null || job.version("deepspeed").below("0.15")) return;
    const { doc } = job.ds;
    for (const name of wholeNumbers) {
      const path = `zero_optimization.${name}`;
      const value = doc.number(path);
      if (value === undefined || Number.isInteger(value)) continue;
      yield {
        at: doc.place(path),
        says: {
          en: `${name} ${value} is no whole number: DeepSpeed stops`,
          zh: `${name} 为 ${value}，不是整数：DeepSpeed 会报错退出`,
        },
        fix: replaceValue(doc, path, String(Math.trunc(value))),
      };
    }
  },
  bad: [
    {
      files: {
        "ds.json": ds({
          zero_optimization: {
            stage: 3,
            stage3_gather_16bit_weights_on_model_save: true,
            stage3_prefetch_bucket_size: 15099494.4,
          },
        }),
      },
    },
  ],
  good: [
    {
      files: {
        "ds.json": ds({
          zero_optimization: {
            stage: 3,
            stage3_gather_16bit_weights_on_model_save: true,
            stage3_prefetch_bucket_size: 1.5e7,
          },
        }),
      },
    },
  ],
};
