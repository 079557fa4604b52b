import { offloadOptimizerKeys, offloadParamKeys, zeroNames } from "../catalog/names/deepspeed.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { unknownKeys } from "./section-keys.ts";

export const pitfall: Pitfall = {
  code: "ZE101",
  id: "zero-unknown-key",
  severity: "error",
  title: { en: "An unknown key in zero_optimization", zh: "zero_optimization 中含有未知的键" },
  why: {
    en: 'The section and its offload sections are strict schemas: DeepSpeed stops with "Extra inputs are not permitted" (before 0.15: "extra fields not permitted"). The fields of stage 3 go by two names, with and without stage3_.',
    zh: '该部分及其 offload 部分使用严格模式：DeepSpeed 会以 "Extra inputs are not permitted"（0.15 之前为 "extra fields not permitted"）报错退出。3 阶段的字段有带 stage3_ 与不带两种写法。',
  },
  fix: { en: "Write the key as it is spelled, or delete it.", zh: "使用正确的键名，或删除它。" },
  versions: { en: "strict from DeepSpeed 0.7", zh: "DeepSpeed 0.7 起为严格模式" },
  sources: [
    "deepspeedai/DeepSpeed#912",
    "deepspeedai/DeepSpeedExamples#287",
    "deepspeedai/DeepSpeed:deepspeed/runtime/zero/config.py",
  ],
  logs: [
    /validation errors? for DeepSpeedZeroConfig/i,
    /Extra inputs are not permitted/i,
    /extra fields not permitted/i,
    /extra_forbidden/,
  ],
  *find(job): Iterable<Hit> {
    yield* unknownKeys(job, "zero_optimization", zeroNames, "0.7.0", () => true);
    yield* unknownKeys(
      job,
      "zero_optimization.offload_optimizer",
      [...offloadOptimizerKeys, "pipeline"],
      "0.7.0",
      () => true,
    );
    yield* unknownKeys(job, "zero_optimization.offload_param", offloadParamKeys, "0.7.0", () => true);
  },
  bad: [
    { files: { "ds.json": ds({ zero_optimization: { stage: 2, reduce_buckt_size: 5e8 } }) } },
    { files: { "ds.json": ds({ zero_optimization: { stage: 2, offload_optimizer: { device: "cpu", pin: true } } }) } },
  ],
  good: [
    {
      files: {
        "ds.json": ds({
          zero_optimization: { stage: 2, max_live_parameters: 0, stage3_max_live_parameters: 1e9, sub_group_size: 0 },
        }),
      },
    },
  ],
};
