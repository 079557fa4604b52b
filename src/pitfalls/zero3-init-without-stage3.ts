import { zeroStage } from "../jobs/facts.ts";
import { replaceValue } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const file = (stage: number): string =>
  `compute_environment: LOCAL_MACHINE
distributed_type: DEEPSPEED
deepspeed_config:
  gradient_accumulation_steps: 1
  zero3_init_flag: true
  zero_stage: ${stage}
machine_rank: 0
mixed_precision: bf16
num_machines: 1
num_processes: 8
`;

export const pitfall: Pitfall = {
  code: "ZE119",
  id: "zero3-init-without-stage3",
  severity: "info",
  title: { en: "zero3_init_flag without stage 3", zh: "未使用 3 阶段却设置了 zero3_init_flag" },
  why: {
    en: "Partitioning a model while it is built is stage 3's; accelerate warns and switches the flag off.",
    zh: "在构建模型时切分属于 3 阶段；accelerate 会警告并关闭该选项。",
  },
  fix: { en: "zero3_init_flag: false, or stage 3.", zh: "zero3_init_flag: false，或改用 3 阶段。" },
  sources: ["huggingface/accelerate:src/accelerate/utils/dataclasses.py"],
  logs: [/DeepSpeed Zero3 Init flag is only applicable for ZeRO Stage 3/i],
  *find(job): Iterable<Hit> {
    const path = "deepspeed_config.zero3_init_flag";
    const stage = zeroStage(job);
    if (job.accelerate?.doc.value(path) !== true || stage === null || stage.value === 3) return;
    yield {
      at: job.accelerate.doc.place(path),
      also: [stage.place],
      says: {
        en: `zero3_init_flag has no effect in stage ${stage.value}`,
        zh: `zero3_init_flag 在 ${stage.value} 阶段不起作用`,
      },
      fix: replaceValue(job.accelerate.doc, path, "false"),
    };
  },
  bad: [{ files: { "accelerate.yaml": file(2) } }],
  good: [{ files: { "accelerate.yaml": file(3) } }],
};
