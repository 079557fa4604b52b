import { zeroStage } from "../jobs/facts.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = (stage: number, keys: object): string =>
  ds({ bf16: { enabled: true, ...keys }, zero_optimization: { stage } });

export const pitfall: Pitfall = {
  code: "PR113",
  id: "master-weights-need-zero",
  severity: "error",
  title: { en: "16-bit master weights without ZeRO", zh: "未启用 ZeRO 却使用 16 位主权重" },
  why: {
    en: "Keeping master weights, gradients or optimizer states in 16 bit is a part of ZeRO's optimizers; DeepSpeed refuses it in stage 0, and bf16 states without bf16 master weights.",
    zh: "以 16 位保存主权重、梯度或优化器状态属于 ZeRO 优化器的功能；DeepSpeed 在 0 阶段会拒绝，也拒绝没有 bf16 主权重的 bf16 优化器状态。",
  },
  fix: { en: "Stage 1 or higher, or leave the keys out.", zh: "使用 1 及以上阶段，或删除这些键。" },
  sources: [
    "deepspeedai/DeepSpeed:deepspeed/runtime/engine.py",
    "deepspeedai/DeepSpeed:deepspeed/runtime/precision_config.py",
  ],
  *find(job): Iterable<Hit> {
    if (job.ds === null) return;
    const { doc } = job.ds;
    const stage = zeroStage(job);
    const on = [
      "fp16.fp16_master_weights_and_grads",
      "bf16.bf16_master_weights_and_grads",
      "bf16.bf16_optimizer_states",
    ].filter((path) => doc.value(path) === true);
    const [first] = on;
    if (first === undefined) return;
    if (stage?.value === 0) {
      yield {
        at: doc.place(first),
        also: [stage.place],
        says: { en: `${first} needs stage 1, 2 or 3`, zh: `${first} 需要 1、2 或 3 阶段` },
      };
    } else if (first === "bf16.bf16_optimizer_states") {
      yield {
        at: doc.place(first),
        says: {
          en: "bf16_optimizer_states needs bf16_master_weights_and_grads",
          zh: "bf16_optimizer_states 需要同时启用 bf16_master_weights_and_grads",
        },
      };
    }
  },
  bad: [
    { files: { "ds.json": config(0, { bf16_master_weights_and_grads: true }) } },
    { files: { "ds.json": config(2, { bf16_optimizer_states: true }) } },
  ],
  good: [{ files: { "ds.json": config(2, { bf16_master_weights_and_grads: true, bf16_optimizer_states: true }) } }],
};
