import { number, says, type Sentence } from "./sentence.ts";

/** What is worth knowing about a plan that stands. */
export const notes = {
  "note.fp16OnBf16Model": {
    en: "This model was published in bf16; in fp16 its activations can overflow. Watch for grad_norm nan in the first 50 steps.",
    zh: "该模型以 bf16 发布；用 fp16 时激活可能溢出。请在前 50 步留意 grad_norm 是否为 nan。",
  },
  "note.modelAssumed": says({
    en: ({ size }: { size: string }) => `The model is not known; a dense decoder of ${size} is assumed.`,
    zh: ({ size }) => `模型未知；按 ${size} 的稠密解码器估算。`,
  }),
  "note.configApproximate": {
    en: "This model's architecture is not known here; its size is an estimate.",
    zh: "不认识该模型的结构；规模为估计值。",
  },
  "note.samplesPacked": {
    en: "With packing the number of rows is known only after tokenising, so the number of steps is left to the run.",
    zh: "打包后的行数要在分词之后才知道，因此步数留待运行时确定。",
  },
  "note.embeddingLr": says({
    en: (v: { lr: number; low: number; high: number }) =>
      `Learning rate ${number(v.lr)} is outside this model's usual range, ${number(v.low)} to ${number(v.high)}.`,
    zh: (v) => `学习率 ${number(v.lr)} 超出该模型的常用范围 ${number(v.low)} 到 ${number(v.high)}。`,
  }),
  "note.fullLr": says({
    en: ({ lr }: { lr: number }) => `Learning rate ${number(lr)} is high for full training; 1e-5 to 2e-5 is usual.`,
    zh: ({ lr }) => `学习率 ${number(lr)} 对全参训练偏高；常用 1e-5 到 2e-5。`,
  }),
  "note.doesNotFit": says({
    en: (v: { needed: number; available: number }) =>
      `This job needs about ${v.needed} GiB a GPU and the card has ${v.available}: it will not fit.`,
    zh: (v) => `该任务每卡约需 ${v.needed} GiB，而显卡只有 ${v.available} GiB：放不下。`,
  }),
  "note.tight": says({
    en: (v: { needed: number; available: number }) =>
      `This job needs about ${v.needed} of ${v.available} GiB a GPU: tight.`,
    zh: (v) => `该任务每卡约需 ${v.needed} / ${v.available} GiB：很紧张。`,
  }),
  "note.deepspeedLate": says({
    en: ({ type }: { type: string }) =>
      `DeepSpeed's ${type} is one step late throughout the warm-up: by one warm-up step's rise at most.`,
    zh: ({ type }) => `DeepSpeed 的 ${type} 在整个预热阶段晚一步：最多相差一个预热步的增量。`,
  }),
  "note.deepspeedDiffers": says({
    en: (v: { type: string; percent: number; step: number }) =>
      `DeepSpeed's ${v.type} differs from what was asked by ${v.percent} % of the peak at most, at step ${number(v.step)}; with --scheduler-owner trainer it does not differ.`,
    zh: (v) =>
      `DeepSpeed 的 ${v.type} 与所要求的最多相差峰值的 ${v.percent} %（第 ${number(v.step)} 步）；用 --scheduler-owner trainer 则没有差异。`,
  }),
  "note.xtuner1Blank": {
    en: "XTuner 1.x waits for ever on a blank line in the JSONL: take blank lines out of the data.",
    zh: "XTuner 1.x 遇到 JSONL 中的空行会一直卡住：请先去掉空行。",
  },
  "note.xtunerRemoteCode": says({
    en: (v: { model: string; until: string }) =>
      `XTuner 0.2 pins transformers 4.48.0, and the code of ${v.model} was written for ${v.until} at most: try a short run with XTuner first.`,
    zh: (v) =>
      `XTuner 0.2 固定使用 transformers 4.48.0，而 ${v.model} 的代码最高适配 ${v.until}：请先用 XTuner 试跑一小段。`,
  }),
  "note.targetLeftOut": says({
    en: (v: { target: string; why: string }) => `No files for ${v.target}: ${v.why}.`,
    zh: (v) => `不生成 ${v.target} 的文件：${v.why}。`,
  }),
  "note.versionUntested": says({
    en: (v: { engine: string; version: string; newest: string }) =>
      `${v.engine} ${v.version} is newer than ${v.newest}, the newest that was tried.`,
    zh: (v) => `${v.engine} ${v.version} 比已验证的最新版本 ${v.newest} 更新。`,
  }),
} as const satisfies Record<string, Sentence>;
