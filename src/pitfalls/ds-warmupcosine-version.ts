import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { pins } from "./tools.ts";

const config = ds({
  bf16: { enabled: true },
  scheduler: {
    type: "WarmupCosineLR",
    params: { total_num_steps: 1000, warmup_num_steps: 100, warmup_type: "linear", cos_min_ratio: 0 },
  },
  train_batch_size: 8,
  train_micro_batch_size_per_gpu: 1,
  gradient_accumulation_steps: 1,
  gradient_clipping: 1,
});

export const pitfall: Pitfall = {
  code: "LR107",
  id: "ds-warmupcosine-version",
  severity: "error",
  title: { en: "WarmupCosineLR with a DeepSpeed that does not have it", zh: "所用 DeepSpeed 没有 WarmupCosineLR" },
  why: {
    en: "The scheduler came in November 2023, with DeepSpeed 0.12.4.",
    zh: "该调度于 2023 年 11 月随 DeepSpeed 0.12.4 加入。",
  },
  fix: {
    en: "DeepSpeed 0.12.4 or later, or no scheduler block.",
    zh: "使用 DeepSpeed 0.12.4 及以上，或不写 scheduler。",
  },
  versions: { en: "DeepSpeed before 0.12.4", zh: "DeepSpeed 0.12.4 之前" },
  sources: ["modelscope/ms-swift#1906", "deepspeedai/DeepSpeed#4563"],
  logs: [/does not recognize LR scheduler WarmupCosineLR/i],
  *find(job): Iterable<Hit> {
    const deepspeed = job.version("deepspeed");
    if (job.ds?.doc.value("scheduler.type") !== "WarmupCosineLR" || !deepspeed.below("0.12.4")) return;
    yield {
      at: job.ds.doc.place("scheduler.type"),
      also: pins(job, "deepspeed"),
      says: {
        en: `DeepSpeed ${deepspeed.text} has no WarmupCosineLR`,
        zh: `DeepSpeed ${deepspeed.text} 没有 WarmupCosineLR`,
      },
    };
  },
  bad: [{ files: { "ds.json": config, "requirements.txt": "deepspeed==0.12.2\n" } }],
  good: [{ files: { "ds.json": config, "requirements.txt": "deepspeed==0.15.4\n" } }],
};
