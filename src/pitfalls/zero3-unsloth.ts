import { zeroStage } from "../jobs/facts.ts";
import { ds, factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const zero = (stage: number): string =>
  ds({ zero_optimization: { stage, ...(stage === 3 ? { stage3_gather_16bit_weights_on_model_save: true } : {}) } });
const yaml = factory(
  "finetuning_type: lora",
  "lora_target: all",
  "learning_rate: 1.0e-4",
  "use_unsloth: true",
  "deepspeed: ds.json",
);

/** What loads or initialises a model in its own way, by the argument that switches it on. */
const OTHERS: Readonly<Record<string, string>> = {
  use_unsloth: "Unsloth",
  pissa_init: "PiSSA",
  use_kt: "KTransformers",
};

export const pitfall: Pitfall = {
  code: "ZT107",
  id: "zero3-unsloth",
  severity: "error",
  title: {
    en: "Unsloth, PiSSA or KTransformers with stage 3",
    zh: "Unsloth、PiSSA 或 KTransformers 与 3 阶段同时使用",
  },
  why: {
    en: "They need whole weights while the model is loaded; under stage 3 no process has them. LLaMA-Factory refuses the pair.",
    zh: "它们在加载模型时需要完整的权重，而 3 阶段下没有任何进程拥有完整权重。LLaMA-Factory 会拒绝。",
  },
  fix: { en: "Stage 2, or without it.", zh: "使用 2 阶段，或关闭该功能。" },
  sources: ["hiyouga/LLaMA-Factory:src/llamafactory/hparams/parser.py"],
  logs: [/(?:Unsloth|PiSSA|KTransformers) is incompatible with DeepSpeed ZeRO-3/i],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    if (job.args === null || stage?.value !== 3) return;
    for (const [name, tool] of Object.entries(OTHERS)) {
      if (!job.args.on(name)) continue;
      yield {
        at: job.args.place(name),
        also: [stage.place],
        says: { en: `${tool} can't be combined with stage 3`, zh: `${tool} 不能与 3 阶段同时使用` },
      };
    }
  },
  bad: [{ files: { "train.yaml": yaml, "ds.json": zero(3) } }],
  good: [{ files: { "train.yaml": yaml, "ds.json": zero(2) } }],
};
