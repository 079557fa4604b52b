import { zeroStage } from "../jobs/facts.ts";
import { ds, factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const zero = (stage: number): string =>
  ds({ zero_optimization: { stage, ...(stage === 3 ? { stage3_gather_16bit_weights_on_model_save: true } : {}) } });
const yaml = factory(
  "finetuning_type: lora",
  "lora_target: all",
  "learning_rate: 1.0e-4",
  "quantization_bit: 4",
  "deepspeed: ds.json",
);

/** Arguments that quantise the base model while it is loaded. */
const NAMES = ["quantization_bit", "load_in_4bit", "load_in_8bit", "bits", "quant_bits", "q_lora", "use_4bit"];

export const pitfall: Pitfall = {
  code: "ZT102",
  id: "zero3-qlora",
  severity: "warning",
  title: { en: "Quantised weights with ZeRO stage 3", zh: "量化权重与 ZeRO 3 阶段同时使用" },
  why: {
    en: "bitsandbytes weights could not be partitioned before transformers 4.39: the model fails to load, or every GPU holds all of it. Newer versions need bnb_4bit_quant_storage in the training's precision.",
    zh: "transformers 4.39 之前 bitsandbytes 权重无法分片：模型加载失败，或每个 GPU 都保存整个模型。更新的版本需要把 bnb_4bit_quant_storage 设为训练精度。",
  },
  fix: { en: "Stage 2, or FSDP with QLoRA.", zh: "使用 2 阶段，或 FSDP + QLoRA。" },
  sources: ["hiyouga/LLaMA-Factory#2920", "deepspeedai/DeepSpeed#3620", "DAMO-NLP-SG/VideoLLaMA2#37"],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    const { args } = job;
    if (args === null || stage?.value !== 3) return;
    for (const name of NAMES) {
      const setting = args.exactly(name);
      const value = setting?.value;
      const on = value === true || value === 4 || value === 8;
      if (setting === null || !on) continue;
      yield {
        at: setting.place,
        also: [stage.place],
        severity: job.version("transformers").below("4.39") ? "error" : "warning",
        says: {
          en: `${setting.place.key} with stage 3: quantised weights are not partitioned, or fail to load`,
          zh: `${setting.place.key} 与 3 阶段：量化权重不会分片，或者加载失败`,
        },
      };
      return;
    }
    const qlora = args.exactly("adapter");
    if (qlora?.value === "qlora") {
      yield {
        at: qlora.place,
        also: [stage.place],
        says: {
          en: "adapter qlora with stage 3: quantised weights are not partitioned, or fail to load",
          zh: "adapter qlora 与 3 阶段：量化权重不会分片，或者加载失败",
        },
      };
    }
  },
  bad: [{ files: { "train.yaml": yaml, "ds.json": zero(3) } }],
  good: [{ files: { "train.yaml": yaml, "ds.json": zero(2) } }],
};
