import { question } from "./define.ts";

export const embeddingQuestions = [
  question({
    key: "queryMaxLen",
    group: "embedding",
    form: { kind: "integer", min: 4, max: 1_000_000 },
    label: { en: "Query length", zh: "查询长度" },
    why: { en: "Tokens of a query; longer ones are cut.", zh: "查询的 token 数；超出部分截断。" },
    task: "embedding",
  }),
  question({
    key: "passageMaxLen",
    group: "embedding",
    form: { kind: "integer", min: 4, max: 1_000_000 },
    label: { en: "Passage length", zh: "段落长度" },
    why: {
      en: "Tokens of a passage; FlagEmbedding's own default of 128 cuts most.",
      zh: "段落的 token 数；FlagEmbedding 默认 128 会截断多数文本。",
    },
    asked: true,
    task: "embedding",
  }),
  question({
    key: "trainGroupSize",
    group: "embedding",
    form: { kind: "integer", min: 1, max: 1024 },
    label: { en: "Group size", zh: "组大小" },
    why: {
      en: "Passages a query is compared with: one positive, the rest negatives.",
      zh: "每个查询的段落数：一个正例，其余为负例。",
    },
    task: "embedding",
  }),
  question({
    key: "temperature",
    group: "embedding",
    form: { kind: "number", above: 0, max: 10 },
    label: { en: "Temperature", zh: "温度" },
    why: { en: "Of the contrastive loss; 0.01 to 0.1.", zh: "对比损失的温度；0.01 到 0.1。" },
    task: "embedding",
  }),
];
