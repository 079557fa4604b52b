import { number, says, type Sentence } from "./sentence.ts";

/** Why a number is what it is: shown in the summary and written into the folder's README. */
export const reasons = {
  "because.task": says({
    en: ({ model }: { model: string }) => `follows from the model, ${model}`,
    zh: ({ model }) => `由模型 ${model} 决定`,
  }),
  "because.method": { en: "what the model's own recipe does", zh: "与该模型的官方配方一致" },
  "because.nodes": says({
    en: ({ perNode }: { perNode: number }) => `${perNode} GPUs a node`,
    zh: ({ perNode }) => `每节点 ${perNode} 张 GPU`,
  }),
  "because.unknownCard": {
    en: "nothing but the size of the card is known; say --precision bf16 if it is Ampere or later",
    zh: "只知道显存大小；若为 Ampere 或更新，请加 --precision bf16",
  },
  "because.bf16": says({
    en: ({ gpu }: { gpu: string }) => `${gpu} computes in bf16: no loss scale, no skipped steps`,
    zh: ({ gpu }) => `${gpu} 支持 bf16：无需损失缩放，不会跳过更新`,
  }),
  "because.fp16": says({
    en: ({ gpu }: { gpu: string }) => `${gpu} has no bf16`,
    zh: ({ gpu }) => `${gpu} 不支持 bf16`,
  }),
  "because.loraRank": says({
    en: ({ alpha }: { alpha: number }) => `with alpha ${alpha}, as in the model's own script`,
    zh: ({ alpha }) => `alpha 为 ${alpha}，与官方脚本一致`,
  }),
  "because.loraTargets": says({
    en: ({ family }: { family: string }) => `all linear layers of ${family}`,
    zh: ({ family }) => `${family} 的全部线性层`,
  }),
  "because.seqLen": says({
    en: ({ longest }: { longest: number }) => `the model allows ${number(longest)}`,
    zh: ({ longest }) => `模型最多支持 ${number(longest)}`,
  }),
  "because.embedder": says({
    en: ({ model }: { model: string }) => `what FlagEmbedding recommends for ${model}`,
    zh: ({ model }) => `FlagEmbedding 对 ${model} 的建议`,
  }),
  "because.zeroFits": says({
    en: (v: { needed: number; available: number }) =>
      `the cheapest that fits: about ${v.needed} of ${v.available} GiB a GPU`,
    zh: (v) => `能放下的最省方案：每卡约 ${v.needed} / ${v.available} GiB`,
  }),
  "because.zeroNeeded": says({
    en: (v: { stage: number; offload: string; needed: number; available: number; now: number }) =>
      `ZeRO-${v.stage}${v.offload === "none" ? "" : ` with offload ${v.offload}`} would need about ${v.needed} of ${v.available} GiB a GPU, this needs ${v.now}`,
    zh: (v) =>
      `ZeRO-${v.stage}${v.offload === "none" ? "" : `（卸载 ${v.offload}）`}每卡约需 ${v.needed} / ${v.available} GiB，此方案需 ${v.now}`,
  }),
  "because.buckets": says({
    en: ({ auto }: { auto: number }) =>
      `elements a bucket: DeepSpeed allocates them in full, so its default of 500,000,000 wastes memory ("auto" would be ${number(auto)})`,
    zh: ({ auto }) =>
      `每个桶的元素数：DeepSpeed 会一次分配整个桶，默认的 500,000,000 浪费显存（"auto" 会是 ${number(auto)}）`,
  }),
  "because.bucketsGathered": says({
    en: ({ auto }: { auto: number }) =>
      `elements a bucket: "auto", the square of the hidden size, would be ${number(auto)}`,
    zh: ({ auto }) => `每个桶的元素数："auto"（隐藏维度的平方）会是 ${number(auto)}`,
  }),
  "because.bucketsSmall": {
    en: "elements a bucket, small because the card is nearly full; sub-groups and live parameters are bounded, too",
    zh: "每个桶的元素数，因显存接近用满而取小值；子组与驻留参数也一并限制",
  },
  "because.globalBatch": says({
    en: (v: { micro: number; accumulation: number; world: number }) =>
      `${v.micro} micro batch × ${v.accumulation} accumulation × ${v.world} GPUs`,
    zh: (v) => `微批量 ${v.micro} × 累积 ${v.accumulation} × ${v.world} 张 GPU`,
  }),
  "because.microBatch": {
    en: "the largest power of two that fits and divides the batch",
    zh: "能放下且能整除批量的最大 2 的幂",
  },
  "because.microBatchRest": says({
    en: (v: { accumulation: number; world: number; global: number }) =>
      `${v.global} / (${v.accumulation} accumulation × ${v.world} GPUs)`,
    zh: (v) => `${v.global} /（累积 ${v.accumulation} × ${v.world} 张 GPU）`,
  }),
  "because.gradAccum": says({
    en: (v: { micro: number; world: number; global: number }) => `${v.global} / (${v.micro} × ${v.world} GPUs)`,
    zh: (v) => `${v.global} /（${v.micro} × ${v.world} 张 GPU）`,
  }),
  "because.epochs": { en: "what the shipped recipes do", zh: "官方配方的常用值" },
  "because.totalSteps": says({
    en: (v: { epochs: number; perEpoch: number; samples: number; global: number }) =>
      `${v.epochs} epochs × ${number(v.perEpoch)} steps, from ${number(v.samples)} samples in batches of ${number(v.global)}`,
    zh: (v) => `${v.epochs} 轮 × ${number(v.perEpoch)} 步，共 ${number(v.samples)} 条样本，批量 ${number(v.global)}`,
  }),
  "because.lrEmbedding": says({
    en: ({ model }: { model: string }) => `what ${model} was tuned with; ten times more and the loss collapses`,
    zh: ({ model }) => `${model} 的推荐值；高十倍损失就会塌缩`,
  }),
  "because.lrFull": {
    en: "all weights move: a tenth of a LoRA rate or less",
    zh: "全部权重都在更新：不超过 LoRA 学习率的十分之一",
  },
  "because.lrLora": { en: "adapters start at zero and take a higher rate", zh: "适配器从零开始，可用更高的学习率" },
  "because.cosine": { en: "the schedule of nearly every published recipe", zh: "绝大多数公开配方所用的调度" },
  "because.cosineMin": { en: "a minimum was asked for", zh: "指定了最小值" },
  "because.numCycles": { en: "one restart in the middle", zh: "中途重启一次" },
  "because.decayRatio": { en: "the last tenth of the run", zh: "训练的最后十分之一" },
  "because.warmupRatio": { en: "as in the published recipes for this kind of model", zh: "与此类模型的公开配方一致" },
  "because.noRoomForWarmup": says({
    en: ({ total }: { total: number }) => `a run of ${total} steps has no room for a warm-up`,
    zh: ({ total }) => `总共 ${total} 步，没有预热的余地`,
  }),
  "because.beta2Qwen": { en: "the Qwen recipes", zh: "Qwen 官方配方" },
  "because.beta2": { en: "AdamW's default", zh: "AdamW 默认值" },
  "because.weightDecay": { en: "as in the published recipes for this kind of model", zh: "与此类模型的公开配方一致" },
  "because.maxGradNorm": {
    en: "the usual bound; without clipping one bad batch can undo an epoch",
    zh: "常用阈值；不裁剪时一个坏批次可能毁掉一整轮",
  },
  "because.version": { en: "newest known good", zh: "已验证的最新版本" },
  "because.transformersModel": says({
    en: ({ model }: { model: string }) => `what ${model} runs on`,
    zh: ({ model }) => `${model} 所需的版本`,
  }),
  "because.transformersScheduler": says({
    en: ({ scheduler }: { scheduler: string }) => `what knows ${scheduler}`,
    zh: ({ scheduler }) => `支持 ${scheduler} 的版本`,
  }),
  "because.polynomialV5": {
    en: "what runs polynomial under DeepSpeed; transformers 5 stops at the start",
    zh: "polynomial 与 DeepSpeed 同用时可用的版本；transformers 5 会在启动时报错",
  },
  "because.flagEmbeddingV5": {
    en: "what FlagEmbedding works with; under transformers 5 it fails",
    zh: "FlagEmbedding 可用的版本；它在 transformers 5 下会失败",
  },
  "because.targets": { en: "every trainer that can do this job", zh: "所有能完成该任务的训练框架" },
  "because.saveSteps": {
    en: "at least five checkpoints over a run, and one every 500 steps",
    zh: "全程至少五个检查点，且每 500 步一个",
  },
} as const satisfies Record<string, Sentence>;
