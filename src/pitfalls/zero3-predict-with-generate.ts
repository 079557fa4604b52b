import { zeroStage } from "../jobs/facts.ts";
import { ds, factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const zero3 = ds({ zero_optimization: { stage: 3, stage3_gather_16bit_weights_on_model_save: true } });
const yaml = (...lines: readonly string[]): string =>
  factory("finetuning_type: full", "learning_rate: 1.0e-5", "deepspeed: ds.json", ...lines);

export const pitfall: Pitfall = {
  code: "ZT108",
  id: "zero3-predict-with-generate",
  severity: "warning",
  title: { en: "Generation during a stage 3 run", zh: "3 阶段训练中进行生成" },
  why: {
    en: "Every process has to enter every forward pass. As soon as one is done earlier than the others, the rest waits; LLaMA-Factory refuses it.",
    zh: "每个进程都必须参与每次前向。一旦某个进程先结束，其余进程就会等待；LLaMA-Factory 会拒绝。",
  },
  fix: { en: "Predict in a run of its own, without stage 3.", zh: "单独进行预测，不使用 3 阶段。" },
  sources: ["hiyouga/LLaMA-Factory:src/llamafactory/hparams/parser.py"],
  logs: [/`?predict_with_generate`? is incompatible with DeepSpeed ZeRO-3/i],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    if (job.args === null || stage?.value !== 3 || !job.args.on("predict_with_generate")) return;
    yield {
      at: job.args.place("predict_with_generate"),
      also: [stage.place],
      severity: job.dialect === "llamafactory" ? "error" : "warning",
      says: {
        en: "predict_with_generate under stage 3: refused by LLaMA-Factory, and a hang elsewhere",
        zh: "3 阶段下使用 predict_with_generate：LLaMA-Factory 会拒绝，其他框架可能挂起",
      },
    };
  },
  bad: [{ files: { "train.yaml": yaml("predict_with_generate: true"), "ds.json": zero3 } }],
  good: [{ files: { "train.yaml": yaml(), "ds.json": zero3 } }],
};
