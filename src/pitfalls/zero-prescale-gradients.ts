import { zeroStage } from "../jobs/facts.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "ZE117",
  id: "zero-prescale-gradients",
  severity: "error",
  title: { en: "Gradients scaled before the reduction, with ZeRO-2 or 3", zh: "ZeRO-2/3 使用规约前的梯度缩放" },
  why: {
    en: "From stage 2 on gradients are reduced and scattered in one go, and DeepSpeed asserts that they are neither prescaled nor predivided.",
    zh: "从 2 阶段起，梯度在一次操作中规约并分散；DeepSpeed 会断言没有预缩放，也没有预除。",
  },
  fix: {
    en: "Delete prescale_gradients and gradient_predivide_factor.",
    zh: "删除 prescale_gradients 与 gradient_predivide_factor。",
  },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/zero/stage_1_and_2.py"],
  logs: [
    /pre-scale gradients is not yet supported with ZeRO-2/i,
    /gradient_predivide_factor != 1\.0 is not yet supported/i,
  ],
  *find(job): Iterable<Hit> {
    const { ds: file } = job;
    const stage = zeroStage(job);
    if (file === null || stage === null || stage.value < 2) return;
    const { doc } = file;
    if (doc.value("zero_optimization.reduce_scatter") === false) return;
    const factor = doc.number("gradient_predivide_factor");
    const key =
      doc.value("prescale_gradients") === true
        ? "prescale_gradients"
        : factor !== undefined && factor !== 1
          ? "gradient_predivide_factor"
          : null;
    if (key === null) return;
    yield {
      at: doc.place(key),
      also: [stage.place],
      says: {
        en: `${key} can't be combined with stage ${stage.value}: an assertion stops DeepSpeed`,
        zh: `${key} 不能与 ${stage.value} 阶段同时使用：DeepSpeed 会因断言失败而退出`,
      },
    };
  },
  bad: [
    { files: { "ds.json": ds({ prescale_gradients: true }) } },
    { files: { "ds.json": ds({ gradient_predivide_factor: 2 }) } },
  ],
  good: [
    { files: { "ds.json": ds({ prescale_gradients: false }) } },
    { files: { "ds.json": ds({ prescale_gradients: true, zero_optimization: { stage: 1 } }) } },
  ],
};
