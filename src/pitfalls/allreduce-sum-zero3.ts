import { zeroStage } from "../jobs/facts.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = (stage: number): string => ds({ gradient_allreduce_op: "sum", zero_optimization: { stage } });

export const pitfall: Pitfall = {
  code: "ZE121",
  id: "allreduce-sum-zero3",
  severity: "error",
  title: { en: "gradient_allreduce_op sum with stage 3", zh: "3 阶段使用 gradient_allreduce_op sum" },
  why: {
    en: "Stage 3 averages gradients as it scatters them; DeepSpeed refuses to sum them there. Summed gradients also grow with the number of GPUs.",
    zh: "3 阶段在分散梯度时取平均；DeepSpeed 拒绝在此求和。此外，求和后的梯度会随 GPU 数增大。",
  },
  fix: { en: "mean, which is the default.", zh: "使用默认的 mean。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/engine.py"],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    if (job.ds === null || stage?.value !== 3 || job.ds.doc.value("gradient_allreduce_op") !== "sum") return;
    yield {
      at: job.ds.doc.place("gradient_allreduce_op"),
      also: [stage.place],
      says: { en: "stage 3 can't sum gradients: DeepSpeed stops", zh: "3 阶段不能对梯度求和：DeepSpeed 会报错退出" },
    };
  },
  bad: [{ files: { "ds.json": config(3) } }],
  good: [{ files: { "ds.json": config(2) } }],
};
