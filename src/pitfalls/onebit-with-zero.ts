import { zeroStage } from "../jobs/facts.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const optimizer = { type: "OneBitAdam", params: { lr: "auto", betas: "auto", eps: "auto", weight_decay: "auto" } };

export const pitfall: Pitfall = {
  code: "ZE118",
  id: "onebit-with-zero",
  severity: "error",
  title: { en: "A 1-bit optimizer with ZeRO", zh: "1-bit 优化器与 ZeRO 同时使用" },
  why: {
    en: "1-bit Adam, 0/1 Adam and 1-bit LAMB compress the gradients' communication themselves; DeepSpeed asserts that ZeRO is off.",
    zh: "1-bit Adam、0/1 Adam 与 1-bit LAMB 自行压缩梯度通信；DeepSpeed 会断言没有启用 ZeRO。",
  },
  fix: { en: "AdamW, or stage 0.", zh: "改用 AdamW，或 0 阶段。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/engine.py"],
  logs: [/1bit-(?:Adam|Lamb) is not compatible with ZeRO/i, /0\/1 Adam is not compatible with ZeRO/i],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    const type = job.ds?.doc.text("optimizer.type") ?? "";
    if (
      job.ds === null ||
      stage === null ||
      stage.value === 0 ||
      !/^(?:onebitadam|zerooneadam|onebitlamb)$/i.test(type)
    )
      return;
    yield {
      at: job.ds.doc.place("optimizer.type"),
      also: [stage.place],
      says: {
        en: `${type} can't be combined with ZeRO-${stage.value}: an assertion stops DeepSpeed`,
        zh: `${type} 不能与 ZeRO-${stage.value} 同时使用：DeepSpeed 会因断言失败而退出`,
      },
    };
  },
  bad: [{ files: { "ds.json": ds({ optimizer }) } }],
  good: [{ files: { "ds.json": ds({ optimizer: { ...optimizer, type: "AdamW" } }) } }],
};
