import { modelName, zeroStage } from "../jobs/facts.ts";
import { ds, embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "ZT105",
  id: "flagembedding-zero3",
  severity: "warning",
  title: { en: "Stage 3 for an embedding model", zh: "嵌入模型使用 3 阶段" },
  why: {
    en: "FlagEmbedding saves the model's own state_dict, whose tensors are empty when the weights are partitioned. An encoder of this size gains nothing from stage 3 either.",
    zh: "FlagEmbedding 保存的是模型自身的 state_dict；权重分片后其中的张量为空。这种规模的编码器也无法从 3 阶段获益。",
  },
  fix: { en: "Stage 0 or 1.", zh: "使用 0 或 1 阶段。" },
  sources: ["FlagOpen/FlagEmbedding#873"],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    if (stage?.value !== 3) return;
    const model = modelName(job)?.value ?? "";
    if (job.dialect !== "flagembedding" && !/(?:^|\/)bge-(?:small|base|large|m3|reranker)/i.test(model)) return;
    yield {
      at: stage.place,
      says: {
        en: "under stage 3 FlagEmbedding saves tensors of shape [0]",
        zh: "在 3 阶段下 FlagEmbedding 保存的张量形状为 [0]",
      },
    };
  },
  bad: [
    {
      files: {
        "run.sh": embed("--bf16", "--per_device_train_batch_size 16", "--deepspeed ds.json"),
        "ds.json": ds({ zero_optimization: { stage: 3, stage3_gather_16bit_weights_on_model_save: true } }),
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": embed("--bf16", "--per_device_train_batch_size 16", "--deepspeed ds.json"),
        "ds.json": ds({ zero_optimization: { stage: 1 } }),
      },
    },
  ],
};
