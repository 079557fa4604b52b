import { zeroStage } from "../jobs/facts.ts";
import { ds } from "./examples.ts";
import { removeKey } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = (stage: number): string => ds({ zero_optimization: { stage, offload_optimizer: { device: "cpu" } } });

export const pitfall: Pitfall = {
  code: "ZE116",
  id: "offload-at-stage0",
  severity: "warning",
  title: { en: "offload_optimizer at stage 0", zh: "0 阶段使用 offload_optimizer" },
  why: {
    en: "Nothing is partitioned at stage 0, and nothing is offloaded; only the CPU's optimizer is taken.",
    zh: "0 阶段不切分任何内容，也不会卸载；只是改用了 CPU 优化器。",
  },
  fix: { en: "Stage 1 or higher, or no offload_optimizer.", zh: "使用 1 阶段及以上，或删除 offload_optimizer。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/zero/config.py"],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    const device = job.ds?.doc.text("zero_optimization.offload_optimizer.device");
    if (job.ds === null || stage?.value !== 0 || (device !== "cpu" && device !== "nvme")) return;
    yield {
      at: job.ds.doc.place("zero_optimization.offload_optimizer"),
      says: { en: "stage 0 offloads nothing", zh: "0 阶段不会卸载任何内容" },
      fix: removeKey(job.ds.doc, "zero_optimization.offload_optimizer"),
    };
  },
  bad: [{ files: { "ds.json": config(0) } }],
  good: [{ files: { "ds.json": config(1) } }],
};
