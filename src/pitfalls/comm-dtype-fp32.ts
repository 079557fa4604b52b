import { precisionOn } from "../jobs/facts.ts";
import { removeKey } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "CO102",
  id: "comm-dtype-fp32",
  severity: "warning",
  title: { en: "communication_data_type forced to fp32", zh: "communication_data_type 被强制为 fp32" },
  why: {
    en: "Gradients are made in 16 bits, cast up for the reduction and cast back: twice the traffic and a second bucket, for nothing gained. One 7B run with torch 2.0 ended in loss 0 until the key was taken out. On ROCm with bf16 accelerate sets it on purpose.",
    zh: "梯度本为 16 位，归约前转为 fp32、之后再转回：通信量翻倍并多占一个桶，却没有收益。曾有一次 torch 2.0 上的 7B 训练损失变为 0，去掉该键后才恢复。在 ROCm 上使用 bf16 时，accelerate 会有意设置它。",
  },
  fix: {
    en: "Remove the key: DeepSpeed then communicates in the precision of the training.",
    zh: "删除该键：DeepSpeed 会按训练精度通信。",
  },
  sources: ["QwenLM/Qwen#967", "deepspeedai/DeepSpeed:deepspeed/runtime/config.py"],
  *find(job): Iterable<Hit> {
    if (job.ds === null || job.ds.doc.value("communication_data_type") !== "fp32") return;
    if (/^mi\d/i.test(job.context.gpu ?? "")) return;
    const { doc } = job.ds;
    const half =
      precisionOn(job, "fp16") !== null ||
      precisionOn(job, "bf16") !== null ||
      doc.value("fp16.enabled") === "auto" ||
      doc.value("bf16.enabled") === "auto";
    if (!half) return;
    yield {
      at: doc.place("communication_data_type"),
      says: {
        en: "gradients of a 16-bit run are communicated in fp32: twice the traffic, and loss 0 has been seen with it",
        zh: "16 位训练的梯度以 fp32 通信：通信量翻倍，并出现过损失为 0 的情况",
      },
      fix: removeKey(doc, "communication_data_type"),
    };
  },
  bad: [{ files: { "ds_config.json": ds({ communication_data_type: "fp32" }) } }],
  good: [
    { files: { "ds_config.json": ds() } },
    { files: { "ds_config.json": ds({ communication_data_type: "fp32" }) }, context: { gpu: "mi300x" } },
  ],
};
