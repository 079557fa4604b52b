import { embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "EM104",
  id: "embedding-lr-too-high",
  severity: "warning",
  title: { en: "A learning rate too high for contrastive fine-tuning", zh: "对比学习微调的学习率过高" },
  why: {
    en: "The embeddings collapse: the loss falls to exactly 0 and stays there, or grows.",
    zh: "向量坍缩：损失降到恰好为 0 并保持不变，或者增大。",
  },
  fix: {
    en: "1e-5 for large, 2e-5 for base, 3e-5 for small encoders; 6e-5 for rerankers; 1e-4 to 2e-4 for LoRA on a decoder.",
    zh: "large 取 1e-5，base 取 2e-5，small 取 3e-5；重排模型取 6e-5；解码器 LoRA 取 1e-4 至 2e-4。",
  },
  sources: ["FlagOpen/FlagEmbedding#593", "FlagOpen/FlagEmbedding#668", "FlagOpen/FlagEmbedding#1265"],
  *find({ args, dialect, launch }): Iterable<Hit> {
    if (args === null || dialect !== "flagembedding") return;
    const module = launch?.module ?? "";
    const limit = /decoder_only|llm/i.test(module) || args.on("use_lora") ? 3e-4 : /rerank/i.test(module) ? 1e-4 : 3e-5;
    const setting = args.get("learning_rate");
    const lr = setting === null ? 5e-5 : args.number("learning_rate");
    if (lr === undefined || lr <= limit) return;
    yield {
      at: args.place("learning_rate"),
      says:
        setting === null
          ? {
              en: `no learning_rate: the default of ${lr.toExponential()} is above ${limit.toExponential()}`,
              zh: `没有设置 learning_rate：默认值 ${lr.toExponential()} 高于 ${limit.toExponential()}`,
            }
          : {
              en: `${lr.toExponential()} is above the ${limit.toExponential()} that such models take`,
              zh: `${lr.toExponential()} 高于此类模型可承受的 ${limit.toExponential()}`,
            },
    };
  },
  bad: [{ files: { "run.sh": embed("--per_device_train_batch_size 16").replace("1e-5", "1e-4") } }],
  good: [{ files: { "run.sh": embed("--per_device_train_batch_size 16") } }],
};
