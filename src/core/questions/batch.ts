import { question } from "./define.ts";

export const batchQuestions = [
  question({
    key: "globalBatch",
    group: "batch",
    form: { kind: "integer", min: 1, max: 1e9 },
    label: { en: "Global batch", zh: "全局批量" },
    why: {
      en: "Samples per optimizer step = micro batch × accumulation × GPUs.",
      zh: "每个优化步的样本数 = 微批量 × 累积 × GPU 数。",
    },
    asked: true,
    main: true,
  }),
  question({
    key: "microBatch",
    group: "batch",
    form: { kind: "integer", min: 1, max: 1e6, auto: true },
    label: { en: "Micro batch", zh: "微批量" },
    why: { en: "Samples a GPU holds at once; memory follows it.", zh: "单卡一次处理的样本数；显存随之变化。" },
  }),
  question({
    key: "gradAccum",
    group: "batch",
    form: { kind: "integer", min: 1, max: 1e6, auto: true },
    label: { en: "Gradient accumulation", zh: "梯度累积" },
    why: { en: "Micro batches per optimizer step.", zh: "每个优化步的微批次数。" },
  }),
];
