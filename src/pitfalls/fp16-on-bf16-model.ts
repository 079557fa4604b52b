import { modelName, precisionOn } from "../jobs/facts.ts";
import { ds, factory, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { cardWithoutBf16 } from "./tools.ts";

/** Families whose weights are published in bfloat16, and whose activations leave fp16's range. */
const FAMILIES =
  /qwen|llama[-_]?[23](?!b|\d)|baichuan-?2|mistral|mixtral|gemma|(?:^|[/_-])(?:flan-)?m?t5|internlm-?2|(?:^|\/)yi-|deepseek|bloomz|phi-?[34]|glm-?4|chatglm-?3|minicpm|falcon/i;

export const pitfall: Pitfall = {
  code: "PR101",
  id: "fp16-on-bf16-model",
  severity: "warning",
  title: { en: "fp16 training of weights that were made in bf16", zh: "用 fp16 训练以 bf16 发布的权重" },
  why: {
    en: "Activations and gradients of such models leave the range of fp16 (65504). The loss becomes NaN, which the Trainer logs as 0.0, or the loss scale falls until DeepSpeed gives up; until then every step is skipped and the learning rate is logged as 0.",
    zh: "这类模型的激活值与梯度会超出 fp16 的范围（65504）。损失变成 NaN（Trainer 记录为 0.0），或者损失缩放一路下降直到 DeepSpeed 放弃；在此之前每一步都被跳过，记录的学习率为 0。",
  },
  fix: {
    en: "bf16 on Ampere or newer cards; fp32 on older ones.",
    zh: "Ampere 及更新的显卡用 bf16；更旧的显卡用 fp32。",
  },
  sources: [
    "hiyouga/LLaMA-Factory#950",
    "hiyouga/LLaMA-Factory#986",
    "hiyouga/LLaMA-Factory#4848",
    "microsoft/LMOps#280",
    "huggingface/accelerate#243",
    "QwenLM/Qwen3#670",
  ],
  logs: [
    /Current loss scale already at minimum/i,
    /Attempted loss scale: \S+, reducing to/i,
    /OVERFLOW! Rank \d+ Skipping step/i,
  ],
  *find(job): Iterable<Hit> {
    const fp16 = precisionOn(job, "fp16");
    const model = modelName(job);
    if (fp16 === null || model === null || precisionOn(job, "bf16") !== null) return;
    if (!FAMILIES.test(model.value)) return;
    // Where the card has nothing else in 16 bits, the person has chosen already.
    const card = cardWithoutBf16(job);
    yield {
      at: fp16.place,
      severity: card === null ? "warning" : "info",
      says: {
        en: `fp16 is on, and the weights of ${model.value} were made in bf16: loss 0 or NaN, skipped steps`,
        zh: `启用了 fp16，而 ${model.value} 的权重是以 bf16 训练的：损失为 0 或 NaN，步骤被跳过`,
      },
    };
  },
  bad: [
    {
      files: {
        "train.yaml": factory("fp16: true", "learning_rate: 1.0e-5", "lora_target: all").replace("bf16: true\n", ""),
      },
    },
    {
      files: {
        "run.sh": train("--fp16", "--warmup_steps 10").replace("facebook/opt-6.7b", "Qwen/Qwen2-7B"),
        "ds_config.json": ds({ fp16: { enabled: "auto" } }),
      },
    },
  ],
  good: [
    { files: { "train.yaml": factory("learning_rate: 1.0e-5", "lora_target: all") } },
    { files: { "run.sh": train("--fp16", "--warmup_steps 10"), "ds_config.json": ds({ fp16: { enabled: "auto" } }) } },
  ],
};
