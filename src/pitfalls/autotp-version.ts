import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { pins } from "./tools.ts";

const config = ds({ tensor_parallel: { autotp_size: 2 } });

export const pitfall: Pitfall = {
  code: "ZE123",
  id: "autotp-version",
  severity: "error",
  title: {
    en: "Tensor parallelism with a DeepSpeed that does not train with it",
    zh: "所用 DeepSpeed 不支持张量并行训练",
  },
  why: {
    en: "Training with tensor_parallel came with DeepSpeed 0.16.4. accelerate asks for that version; DeepSpeed itself ignores the section before it, and every process trains alone.",
    zh: "tensor_parallel 训练随 DeepSpeed 0.16.4 出现。accelerate 会要求该版本；更早的 DeepSpeed 自身会忽略这一部分，各进程各自训练。",
  },
  fix: { en: "DeepSpeed 0.16.4 or later.", zh: "使用 DeepSpeed 0.16.4 及以上。" },
  versions: { en: "DeepSpeed before 0.16.4", zh: "DeepSpeed 0.16.4 之前" },
  sources: ["huggingface/accelerate:src/accelerate/accelerator.py"],
  logs: [/Deepspeed TP requires deepspeed>=0\.16\.4/i],
  *find(job): Iterable<Hit> {
    const deepspeed = job.version("deepspeed");
    const size = job.ds?.doc.number("tensor_parallel.autotp_size") ?? 0;
    if (job.ds === null || size <= 1 || !deepspeed.below("0.16.4")) return;
    yield {
      at: job.ds.doc.place("tensor_parallel.autotp_size"),
      also: pins(job, "deepspeed"),
      says: {
        en: `DeepSpeed ${deepspeed.text} does not train with tensor parallelism`,
        zh: `DeepSpeed ${deepspeed.text} 不支持张量并行训练`,
      },
    };
  },
  bad: [{ files: { "ds.json": config, "requirements.txt": "deepspeed==0.15.4\n" } }],
  good: [{ files: { "ds.json": config, "requirements.txt": "deepspeed==0.17.2\n" } }, { files: { "ds.json": config } }],
};
