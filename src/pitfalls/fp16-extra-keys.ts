import { fp16Keys } from "../catalog/names/deepspeed.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { unknownKeys } from "./section-keys.ts";

export const pitfall: Pitfall = {
  code: "PR103",
  id: "fp16-extra-keys",
  severity: "error",
  title: { en: "Unknown keys in the fp16 section", zh: "fp16 部分含有未知的键" },
  why: {
    en: "The section is a strict schema from DeepSpeed 0.17.1 (June 2025) on; opt_level, which belongs to apex, is the usual one. Before that such keys did nothing.",
    zh: "自 DeepSpeed 0.17.1（2025 年 6 月）起该部分使用严格模式；最常见的是属于 apex 的 opt_level。更早的版本会忽略这些键。",
  },
  fix: { en: "Delete them.", zh: "删除这些键。" },
  versions: { en: "an error from DeepSpeed 0.17.1", zh: "DeepSpeed 0.17.1 起报错" },
  sources: ["LianjiaTech/BELLE#134", "deepspeedai/DeepSpeed:deepspeed/runtime/precision_config.py"],
  logs: [/validation errors? for DeepSpeedFP16Config/i],
  *find(job): Iterable<Hit> {
    // `fused_mode` was a key of the section until the schema became strict.
    const known = job.version("deepspeed").below("0.17.1") ? [...fp16Keys, "fused_mode"] : fp16Keys;
    yield* unknownKeys(job, "fp16", known, "0.17.1", () => true);
  },
  bad: [
    { files: { "ds.json": ds({ fp16: { enabled: "auto", opt_level: "O2" } }) } },
    { files: { "ds.json": ds({ fp16: { enabled: "auto", los_scale: 0 } }) } },
  ],
  good: [
    {
      files: {
        "ds.json": ds({
          fp16: { enabled: "auto", loss_scale: 0, initial_scale_power: 16, hysteresis: 2, min_loss_scale: 1 },
        }),
      },
    },
  ],
};
