import { question } from "./define.ts";

export const lengthQuestions = [
  question({
    key: "seqLen",
    group: "length",
    form: { kind: "integer", min: 8, max: 10_000_000 },
    label: { en: "Sequence length", zh: "序列长度" },
    why: {
      en: "Longer samples are cut here; activations and logits grow with it.",
      zh: "超出的样本在此截断；激活与 logits 随之增长。",
    },
    asked: true,
    task: "sft",
    main: true,
  }),
  question({
    key: "packing",
    group: "length",
    form: { kind: "switch" },
    label: { en: "Packing", zh: "样本打包" },
    why: {
      en: "Several samples a row, kept apart by flash attention.",
      zh: "一行放多条样本，由 flash attention 隔开。",
    },
    task: "sft",
  }),
  question({
    key: "epochs",
    group: "length",
    form: { kind: "number", above: 0, max: 100_000 },
    label: { en: "Epochs", zh: "训练轮数" },
    why: { en: "How often the data is seen.", zh: "数据遍历次数。" },
    main: true,
  }),
  question({
    key: "maxSteps",
    group: "length",
    form: { kind: "integer", min: 1, max: 1e9 },
    label: { en: "Optimizer steps", zh: "优化步数" },
    why: {
      en: "The length of the run in optimizer steps, instead of epochs.",
      zh: "以优化步数表示训练长度，代替轮数。",
    },
  }),
  question({
    key: "samples",
    group: "length",
    form: { kind: "integer", min: 1, max: 1e12 },
    label: { en: "Training samples", zh: "训练样本数" },
    why: {
      en: "Turns epochs into steps; counted from --data where that is a JSONL file at hand.",
      zh: "把轮数换算成步数；--data 是本机可读的 JSONL 时自动计数。",
    },
  }),
];
