import { bf16Keys, fp16Keys } from "../catalog/names/deepspeed.ts";
import { removeKey } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { unknownKeys } from "./section-keys.ts";

export const pitfall: Pitfall = {
  code: "PR104",
  id: "bf16-extra-keys",
  severity: "error",
  title: { en: "Loss-scale keys in the bf16 section", zh: "bf16 部分含有损失缩放的键" },
  why: {
    en: "bf16 needs no loss scale. The section is a strict schema from DeepSpeed 0.17.1 (June 2025) on and stops at keys that were copied from fp16; before that they did nothing.",
    zh: "bf16 不需要损失缩放。自 DeepSpeed 0.17.1（2025 年 6 月）起该部分使用严格模式，遇到从 fp16 抄来的键会报错；更早的版本会忽略它们。",
  },
  fix: { en: "Keep `enabled` only.", zh: "只保留 enabled。" },
  versions: { en: "an error from DeepSpeed 0.17.1", zh: "DeepSpeed 0.17.1 起报错" },
  sources: ["deepspeedai/DeepSpeed#6976", "deepspeedai/DeepSpeedExamples#733", "FlagOpen/FlagEmbedding#1487"],
  logs: [/validation errors? for DeepSpeedBF16Config/i],
  *find(job): Iterable<Hit> {
    for (const section of ["bf16", "bfloat16"]) {
      for (const hit of unknownKeys(job, section, bf16Keys, "0.17.1", () => true)) {
        const key = hit.at.key.split(".").pop() ?? "";
        // A key of fp16's is no misspelling of one of bf16's.
        yield fp16Keys.includes(key) && job.ds !== null
          ? { ...hit, fix: removeKey(job.ds.doc, `${section}.${key}`) }
          : hit;
      }
    }
  },
  bad: [{ files: { "ds.json": ds({ bf16: { enabled: "auto", loss_scale: 0, initial_scale_power: 16 } }) } }],
  good: [{ files: { "ds.json": ds() } }],
};
