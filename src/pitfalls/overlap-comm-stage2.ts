import { zeroStage } from "../jobs/facts.ts";
import { replaceValue } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "CO101",
  id: "overlap-comm-stage2",
  severity: "warning",
  title: { en: "overlap_comm with ZeRO stage 1 or 2", zh: "ZeRO 1、2 阶段启用 overlap_comm" },
  why: {
    en: "A gradient bucket can be written again while it is still being reduced: the loss falls to 0 or NaN, or the curve is worse than that of stages 1 and 3. Small buckets make it likelier. Several causes were mended up to DeepSpeed 0.19.3; LLaMA-Factory and ms-swift ship false.",
    zh: "梯度桶可能在归约尚未完成时又被写入：损失变为 0 或 NaN，或者收敛曲线差于 1、3 阶段。桶越小越容易发生。到 DeepSpeed 0.19.3 为止修复了若干原因；LLaMA-Factory 与 ms-swift 随附的配置为 false。",
  },
  fix: {
    en: "overlap_comm: false, which is the default of these stages.",
    zh: "设为 overlap_comm: false，这也是这两个阶段的默认值。",
  },
  versions: { en: "DeepSpeed before 0.19.3", zh: "DeepSpeed 0.19.3 之前" },
  sources: [
    "deepspeedai/DeepSpeed#4298",
    "deepspeedai/DeepSpeed#5347",
    "deepspeedai/DeepSpeed#7188",
    "deepspeedai/DeepSpeed#8061",
    "haotian-liu/LLaVA#1231",
  ],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    if (job.ds === null || stage === null || stage.value < 1 || stage.value > 2) return;
    const { doc } = job.ds;
    if (doc.value("zero_optimization.overlap_comm") !== true) return;
    if (doc.value("zero_optimization.contiguous_gradients") === false || job.version("deepspeed").atLeast("0.19.3"))
      return;
    const bucket = doc.number("zero_optimization.reduce_bucket_size");
    const small = bucket !== undefined && bucket < 2e8;
    yield {
      at: doc.place("zero_optimization.overlap_comm"),
      says: {
        en: `overlap_comm is on at stage ${stage.value}${small ? `, with buckets of only ${bucket} elements` : ""}: loss 0 and NaN gradients have been traced to it`,
        zh: `${stage.value} 阶段启用了 overlap_comm${small ? `，且桶只有 ${bucket} 个元素` : ""}：损失为 0、梯度为 NaN 的问题曾追溯到这里`,
      },
      fix: replaceValue(doc, "zero_optimization.overlap_comm", doc.prefix === "" ? "false" : "False"),
    };
  },
  bad: [{ files: { "ds_config.json": ds({ zero_optimization: { stage: 2, overlap_comm: true } }) } }],
  good: [
    { files: { "ds_config.json": ds({ zero_optimization: { stage: 2 } }) } },
    {
      files: {
        "ds_config.json": ds({
          zero_optimization: { stage: 3, overlap_comm: true, stage3_gather_16bit_weights_on_model_save: true },
        }),
      },
    },
    {
      files: { "ds_config.json": ds({ zero_optimization: { stage: 2, overlap_comm: true } }) },
      context: { deepspeed: "0.19.6" },
    },
  ],
};
