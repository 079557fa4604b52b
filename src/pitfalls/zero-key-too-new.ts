import { zeroSince } from "../catalog/names/deepspeed.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { pins } from "./tools.ts";

const config = ds({
  zero_optimization: { stage: 3, stage3_gather_16bit_weights_on_model_save: true, zero_hpz_partition_size: 8 },
});

export const pitfall: Pitfall = {
  code: "ZE111",
  id: "zero-key-too-new",
  severity: "error",
  title: { en: "A key that this DeepSpeed does not have yet", zh: "所用 DeepSpeed 尚不支持的键" },
  why: {
    en: "zero_optimization is a strict schema: a key of a later release stops an earlier one.",
    zh: "zero_optimization 使用严格模式：较新版本的键会使旧版本报错退出。",
  },
  fix: { en: "A later DeepSpeed, or no such key.", zh: "升级 DeepSpeed，或删除该键。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/zero/config.py"],
  *find(job): Iterable<Hit> {
    if (job.ds === null) return;
    const deepspeed = job.version("deepspeed");
    for (const { key } of job.ds.doc.entries("zero_optimization")) {
      const since = Object.hasOwn(zeroSince, key) ? zeroSince[key] : undefined;
      if (since === undefined || !deepspeed.below(since)) continue;
      yield {
        at: job.ds.doc.place(`zero_optimization.${key}`),
        also: pins(job, "deepspeed"),
        says: {
          en: `${key} came with DeepSpeed ${since}; this is ${deepspeed.text}`,
          zh: `${key} 自 DeepSpeed ${since} 起提供；当前为 ${deepspeed.text}`,
        },
      };
    }
  },
  bad: [{ files: { "ds.json": config, "requirements.txt": "deepspeed==0.9.5\n" } }],
  good: [{ files: { "ds.json": config, "requirements.txt": "deepspeed==0.16.9\n" } }],
};
