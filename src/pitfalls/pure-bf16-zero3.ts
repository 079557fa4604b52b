import { zeroStage } from "../jobs/facts.ts";
import { ds, factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const zero3 = ds({ zero_optimization: { stage: 3, stage3_gather_16bit_weights_on_model_save: true } });
const yaml = (...lines: readonly string[]): string =>
  factory("finetuning_type: full", "learning_rate: 1.0e-5", "deepspeed: ds_z3_config.json", ...lines);

export const pitfall: Pitfall = {
  code: "ZT101",
  id: "pure-bf16-zero3",
  severity: "error",
  title: { en: "pure_bf16 with ZeRO stage 3", zh: "pure_bf16 与 ZeRO 3 阶段同时使用" },
  why: {
    en: "LLaMA-Factory casts the weights itself for pure_bf16, which it can't do to weights that are partitioned; it refuses the pair.",
    zh: "LLaMA-Factory 在 pure_bf16 下自行转换权重，而分片后的权重无法这样转换；它会拒绝这种组合。",
  },
  fix: { en: "bf16: true in its place.", zh: "改为 bf16: true。" },
  sources: ["hiyouga/LLaMA-Factory:src/llamafactory/hparams/parser.py"],
  logs: [/`?pure_bf16`? is incompatible with DeepSpeed ZeRO-3/i],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    if (job.args === null || stage?.value !== 3 || !job.args.on("pure_bf16")) return;
    yield {
      at: job.args.place("pure_bf16"),
      also: [stage.place],
      says: {
        en: "pure_bf16 can't be combined with stage 3: LLaMA-Factory refuses it",
        zh: "pure_bf16 不能与 3 阶段同时使用：LLaMA-Factory 会拒绝",
      },
    };
  },
  bad: [{ files: { "train.yaml": yaml("pure_bf16: true").replace("bf16: true\n", ""), "ds_z3_config.json": zero3 } }],
  good: [{ files: { "train.yaml": yaml(), "ds_z3_config.json": zero3 } }],
};
