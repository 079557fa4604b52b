import { modelName, zeroStage } from "../jobs/facts.ts";
import { ds, factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const zero3 = ds({ zero_optimization: { stage: 3, stage3_gather_16bit_weights_on_model_save: true } });
const yaml = factory("finetuning_type: lora", "lora_target: all", "learning_rate: 1.0e-4", "deepspeed: ds.json");

/** Names of checkpoints whose weights are packed; DeepSeek's V3 and R1 are published in FP8. */
const PACKED =
  /gptq|awq|[-_]int[48]\b|[-_]fp8\b|[-_]4bit\b|[-_]8bit\b|[-_]bnb\b|(?:^|\/)deepseek-(?:v3|r1)(?!-distill)[\w.-]*$/i;

export const pitfall: Pitfall = {
  code: "ZT103",
  id: "zero3-prequantized",
  severity: "error",
  title: { en: "A quantised checkpoint with ZeRO stage 3", zh: "已量化的检查点与 ZeRO 3 阶段同时使用" },
  why: {
    en: "Packed GPTQ, AWQ, Int4 or FP8 weights can't be partitioned; transformers and LLaMA-Factory refuse them under stage 3.",
    zh: "打包的 GPTQ、AWQ、Int4 或 FP8 权重无法分片；transformers 与 LLaMA-Factory 会在 3 阶段下拒绝。",
  },
  fix: { en: "The 16-bit weights of the model, or stage 2.", zh: "使用该模型的 16 位权重，或使用 2 阶段。" },
  sources: ["hiyouga/LLaMA-Factory#6898", "deepspeedai/DeepSpeed#7096"],
  logs: [/ZeRO-3 is incompatible with (?:PTQ-)?quantized models?/i],
  *find(job): Iterable<Hit> {
    const [stage, model] = [zeroStage(job), modelName(job)];
    if (stage?.value !== 3 || model === null || !PACKED.test(model.value)) return;
    yield {
      at: model.place,
      also: [stage.place],
      says: {
        en: `${model.value} holds quantised weights, which stage 3 can't partition`,
        zh: `${model.value} 的权重已量化，3 阶段无法分片`,
      },
    };
  },
  bad: [
    { files: { "train.yaml": yaml.replace("Qwen2.5-7B-Instruct", "Qwen2.5-7B-Instruct-GPTQ-Int4"), "ds.json": zero3 } },
  ],
  good: [{ files: { "train.yaml": yaml, "ds.json": zero3 } }],
};
