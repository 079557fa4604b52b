import { zeroStage } from "../jobs/facts.ts";
import { removeKey } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = (stage: number): string =>
  ds({
    zero_optimization: {
      stage,
      overlap_comm: stage === 3,
      offload_param: { device: "cpu" },
      ...(stage === 3 ? { stage3_gather_16bit_weights_on_model_save: true } : {}),
    },
  });

export const pitfall: Pitfall = {
  code: "ZE107",
  id: "offload-param-needs-stage3",
  severity: "warning",
  title: { en: "offload_param below stage 3", zh: "3 阶段以下使用 offload_param" },
  why: {
    en: "Parameters are partitioned in stage 3 only. Below it the section is accepted and does nothing: the memory that was counted on is not there.",
    zh: "只有 3 阶段才切分参数。低于 3 阶段时该部分被接受却不起作用：指望节省的显存并不存在。",
  },
  fix: { en: "Stage 3, or no offload_param.", zh: "使用 3 阶段，或删除 offload_param。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/zero/config.py"],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    if (stage === null || stage.value >= 3) return;
    const says = {
      en: `stage ${stage.value} doesn't partition parameters: nothing is offloaded`,
      zh: `${stage.value} 阶段不切分参数：不会卸载任何内容`,
    };
    const device = job.ds?.doc.text("zero_optimization.offload_param.device");
    if (job.ds !== null && (device === "cpu" || device === "nvme")) {
      yield {
        at: job.ds.doc.place("zero_optimization.offload_param"),
        also: [stage.place],
        says,
        fix: removeKey(job.ds.doc, "zero_optimization.offload_param"),
      };
    }
    const inline = job.accelerate?.doc.text("deepspeed_config.offload_param_device");
    if (job.accelerate !== null && (inline === "cpu" || inline === "nvme")) {
      yield { at: job.accelerate.doc.place("deepspeed_config.offload_param_device"), also: [stage.place], says };
    }
  },
  bad: [{ files: { "ds.json": config(2) } }],
  good: [{ files: { "ds.json": config(3) } }],
};
