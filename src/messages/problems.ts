import { number, says, type Sentence } from "./sentence.ts";

/** Why answers are refused, and what to type instead. */
export const problems = {
  "problem.modelMissing": { en: "no model was named", zh: "没有指定模型" },
  "problem.modelUnknown": says({
    en: ({ model }: { model: string }) => `"${model}" is neither in the catalog nor a model folder here`,
    zh: ({ model }) => `“${model}”既不在目录中，也不是本机的模型目录`,
  }),
  "problem.modelQuantized": says({
    en: ({ model }: { model: string }) => `"${model}" is a quantised checkpoint: its weights can't be trained`,
    zh: ({ model }) => `“${model}”是量化后的检查点，权重无法训练`,
  }),
  "problem.modelSize": says({
    en: ({ size }: { size: string }) => `"${size}" is no model size`,
    zh: ({ size }) => `“${size}”不是有效的模型规模`,
  }),
  "problem.sizeOfKnownModel": says({
    en: ({ model }: { model: string }) => `${model} is in the catalog; its size is known`,
    zh: ({ model }) => `${model} 已在目录中，规模已知`,
  }),
  "problem.notAnEmbedder": says({
    en: ({ model }: { model: string }) => `${model} is not an embedding model that FlagEmbedding can train`,
    zh: ({ model }) => `${model} 不是 FlagEmbedding 可训练的向量模型`,
  }),
  "problem.notADecoder": says({
    en: ({ model }: { model: string }) => `${model} is an embedding model; it can't be trained on messages`,
    zh: ({ model }) => `${model} 是向量模型，不能用对话数据训练`,
  }),
  "problem.gpuMissing": { en: "no GPU was named", zh: "没有指定 GPU" },
  "problem.gpusMissing": { en: "the number of GPUs is missing", zh: "没有指定 GPU 数量" },
  "problem.gpuUnknown": says({
    en: ({ gpu }: { gpu: string }) => `"${gpu}" is not in the catalog of GPUs`,
    zh: ({ gpu }) => `“${gpu}”不在 GPU 目录中`,
  }),
  "problem.gpuAmbiguous": says({
    en: ({ gpu }: { gpu: string }) => `"${gpu}" comes in several sizes`,
    zh: ({ gpu }) => `“${gpu}”有多种显存规格`,
  }),
  "problem.gpusPerNode": says({
    en: ({ gpus, nodes }: { gpus: number; nodes: number }) => `${gpus} GPUs do not divide over ${nodes} nodes`,
    zh: ({ gpus, nodes }) => `${gpus} 张 GPU 不能平均分到 ${nodes} 个节点`,
  }),
  "problem.noBf16": says({
    en: ({ gpu }: { gpu: string }) => `${gpu} has no bf16`,
    zh: ({ gpu }) => `${gpu} 不支持 bf16`,
  }),
  "problem.batchTooLarge": says({
    en: ({ global, largest }: { global: number; largest: number }) =>
      `that makes a global batch of ${global} samples; at most ${largest} can be planned`,
    zh: ({ global, largest }) => `这样全局批量为 ${global} 条样本；最多可规划 ${largest} 条`,
  }),
  "problem.batchEquation": says({
    en: (v: { global: number; micro: number | null; accumulation: number | null; world: number }) =>
      `the global batch ${v.global} is not micro batch${v.micro === null ? "" : ` ${v.micro}`} × accumulation${v.accumulation === null ? "" : ` ${v.accumulation}`} × ${v.world} GPUs for any whole numbers`,
    zh: (v) =>
      `全局批量 ${v.global} 无法写成 微批量${v.micro === null ? "" : ` ${v.micro}`} × 累积${v.accumulation === null ? "" : ` ${v.accumulation}`} × ${v.world} 张 GPU（整数）`,
  }),
  "problem.nvmePathAlone": { en: "an NVMe path without NVMe offload", zh: "给了 NVMe 路径，却没有选择 NVMe 卸载" },
  "problem.nvmePathMissing": { en: "NVMe offload needs a folder", zh: "NVMe 卸载需要一个目录" },
  "problem.offloadStage": says({
    en: (v: { offload: string; stage: number; least: number }) =>
      v.least === 1
        ? "offloading the optimizer needs ZeRO stage 1 or higher; at stage 0 nothing is offloaded"
        : `offload ${v.offload} needs ZeRO stage 3; DeepSpeed ignores it at stage ${v.stage}`,
    zh: (v) =>
      v.least === 1
        ? "卸载优化器至少需要 ZeRO 1；阶段 0 不会卸载任何内容"
        : `卸载 ${v.offload} 需要 ZeRO 3；阶段 ${v.stage} 时 DeepSpeed 会忽略它`,
  }),
  "problem.hostMemory": says({
    en: (v: { needed: number; available: number }) =>
      `offloading needs about ${v.needed} GiB of host memory a node, and there are ${v.available}`,
    zh: (v) => `卸载每节点约需 ${v.needed} GiB 内存，而只有 ${v.available} GiB`,
  }),
  "problem.qloraZero3": {
    en: "QLoRA does not go with ZeRO-3: it does not shard 4-bit weights",
    zh: "QLoRA 不能与 ZeRO-3 同用：它不会切分 4 位权重",
  },
  "problem.embeddingZero3": {
    en: "FlagEmbedding saves empty weights under ZeRO-3",
    zh: "FlagEmbedding 在 ZeRO-3 下会保存空权重",
  },
  "problem.loraFlagWithFull": { en: "a LoRA setting with full training", zh: "全参训练不接受 LoRA 设置" },
  "problem.embedderMethod": says({
    en: ({ method }: { method: string }) => `FlagEmbedding trains this model with method ${method} only`,
    zh: ({ method }) => `FlagEmbedding 只能以 ${method} 方式训练该模型`,
  }),
  "problem.tooLong": says({
    en: (v: { flag: string; value: number; longest: number }) =>
      `${v.flag} ${v.value} is beyond the model's ${v.longest} positions`,
    zh: (v) => `${v.flag} ${v.value} 超过模型的 ${v.longest} 个位置`,
  }),
  "problem.pairTooLong": says({
    en: (v: { query: number; passage: number; longest: number }) =>
      `a reranker reads query and passage together: ${v.query} + ${v.passage} is beyond its ${v.longest} positions`,
    zh: (v) => `重排模型同时读入查询与段落：${v.query} + ${v.passage} 超过 ${v.longest} 个位置`,
  }),
  "problem.packingNeedsFlash": {
    en: "packing needs FlashAttention-2, which this GPU has not: packed samples would see each other",
    zh: "打包需要 FlashAttention-2，该 GPU 不支持：打包的样本会互相看到",
  },
  "problem.noLiger": says({
    en: ({ model }: { model: string }) =>
      `Liger's kernels don't patch ${model}, or this transformers is older than 4.45 and does not know them`,
    zh: ({ model }) => `Liger 算子不支持 ${model}，或 transformers 早于 4.45、尚不支持`,
  }),
  "obstacle.liger": { en: "XTuner has no switch for Liger's kernels", zh: "XTuner 没有启用 Liger 算子的开关" },
  "problem.sftFlag": { en: "this is for SFT; the model is an embedding model", zh: "此项用于 SFT；该模型是向量模型" },
  "problem.embeddingFlag": {
    en: "this is for embedding models; the model is a language model",
    zh: "此项用于向量模型；该模型是语言模型",
  },
  "problem.noNegatives": {
    en: "a query would have one candidate only: loss and gradient would be exactly 0",
    zh: "每个查询只有一个候选：损失与梯度恒为 0",
  },
  "problem.noTemperature": { en: "a reranker's loss has no temperature", zh: "重排模型的损失没有温度" },
  "problem.twoLengths": { en: "the length of the run is given twice", zh: "训练长度给了两次" },
  "problem.twoWarmups": { en: "the warm-up is given twice", zh: "预热给了两次" },
  "problem.warmupTooLong": says({
    en: (v: { warmup: number; total: number }) =>
      `a warm-up of ${number(v.warmup)} steps is as long as the run of ${number(v.total)} or longer`,
    zh: (v) => `预热 ${number(v.warmup)} 步不短于整个训练的 ${number(v.total)} 步`,
  }),
  "problem.warmupRatioOne": { en: "a warm-up ratio of 1 is the whole run", zh: "预热比例为 1 等于整个训练" },
  "problem.constantWarmup": {
    en: "the schedule constant ignores warm-up",
    zh: "constant 调度会忽略预热",
  },
  "problem.noFloor": says({
    en: ({ scheduler }: { scheduler: string }) => `the schedule ${scheduler} has no minimum`,
    zh: ({ scheduler }) => `${scheduler} 调度没有最小值`,
  }),
  "problem.floorMissing": { en: "cosine_with_min_lr needs a minimum", zh: "cosine_with_min_lr 需要最小值" },
  "problem.polynomialEnd": says({
    en: (v: { end: number; lr: number }) =>
      `polynomial ends at ${number(v.end)}, which is not below the learning rate ${number(v.lr)}`,
    zh: (v) => `polynomial 的终值 ${number(v.end)} 不低于学习率 ${number(v.lr)}`,
  }),
  "problem.onlyFor": says({
    en: (v: { flag: string; scheduler: string }) => `${v.flag} is for the schedule ${v.scheduler}`,
    zh: (v) => `${v.flag} 仅用于 ${v.scheduler} 调度`,
  }),
  "problem.wsdNeedsLength": {
    en: "warmup_stable_decay needs to know how long the run is",
    zh: "warmup_stable_decay 需要知道训练长度",
  },
  "problem.inverseSqrtWarmup": says({
    en: ({ version }: { version: string }) =>
      `inverse_sqrt without a warm-up divides by zero in transformers ${version}; 4.39 mended it`,
    zh: ({ version }) => `transformers ${version} 中没有预热的 inverse_sqrt 会除以零；4.39 起已修复`,
  }),
  "problem.embeddingLr": says({
    en: (v: { lr: number; low: number; high: number }) =>
      `learning rate ${number(v.lr)} is more than ten times above the range of this model, ${number(v.low)} to ${number(v.high)}: the loss collapses to 0`,
    zh: (v) => `学习率 ${number(v.lr)} 超出该模型范围（${number(v.low)} 到 ${number(v.high)}）十倍以上：损失会塌缩到 0`,
  }),
  "problem.deepspeedShape": says({
    en: (v: { scheduler: string; possible: string }) =>
      `DeepSpeed has no schedule ${v.scheduler}; it has ${v.possible}`,
    zh: (v) => `DeepSpeed 没有 ${v.scheduler} 调度；它有 ${v.possible}`,
  }),
  "problem.deepspeedOld": says({
    en: ({ version, type, since }: { version: string; type: string; since: string }) =>
      `${type} of DeepSpeed ${version} makes the first update, of some weights at least, at the full learning rate; ${since} is the first that does not`,
    zh: ({ version, type, since }) =>
      `DeepSpeed ${version} 的 ${type} 在第一次更新时（至少对部分权重）使用未预热的完整学习率；从 ${since} 起才修正`,
  }),
  "problem.deepspeedWarmup": says({
    en: ({ warmup }: { warmup: number }) => `DeepSpeed turns a warm-up of ${warmup} steps into 2`,
    zh: ({ warmup }) => `DeepSpeed 会把 ${warmup} 步预热变成 2 步`,
  }),
  "problem.versionRange": says({
    en: (v: { engine: string; version: string; from: string; below: string }) =>
      `${v.engine} ${v.version} is not known here; known are ${v.from} up to ${v.below}`,
    zh: (v) => `不支持 ${v.engine} ${v.version}；支持 ${v.from} 到 ${v.below} 之前`,
  }),
  "problem.transformersLimit": says({
    en: (v: { version: string; least: string | null; until: string | null; why: string }) =>
      `transformers ${v.version} can't be used, ${[v.least === null ? [] : `${v.least} or later`, v.until === null ? [] : `${v.until} or earlier`].flat().join(" and ")} is ${v.why}`,
    zh: (v) =>
      `不能使用 transformers ${v.version}：${[v.least === null ? [] : `不低于 ${v.least}`, v.until === null ? [] : `不高于 ${v.until}`].flat().join("且")}才是${v.why}`,
  }),
  "problem.modelTooOld": says({
    en: (v: { model: string; until: string; from: string }) =>
      `the own code of ${v.model} runs up to transformers ${v.until}; files are written for ${v.from} and later`,
    zh: (v) => `${v.model} 自带的代码最高支持 transformers ${v.until}；本工具从 ${v.from} 起支持`,
  }),
  "problem.noTransformers": says({
    en: (v: { scheduler: string; model: string }) => `no transformers version knows both ${v.scheduler} and ${v.model}`,
    zh: (v) => `没有同时支持 ${v.scheduler} 与 ${v.model} 的 transformers 版本`,
  }),
  "problem.target": says({
    en: (v: { target: string; why: string }) => `${v.target} can't do this job: ${v.why}`,
    zh: (v) => `${v.target} 无法完成该任务：${v.why}`,
  }),
  "obstacle.embedding": says({
    en: ({ target }: { target: string }) => `${target} is written for SFT, the model is an embedding model`,
    zh: ({ target }) => `${target} 用于 SFT，而该模型是向量模型`,
  }),
  "obstacle.notEmbedding": says({
    en: (_: { target: string }) => "FlagEmbedding trains embedding models and rerankers only",
    zh: () => "FlagEmbedding 只训练向量模型与重排模型",
  }),
  "obstacle.inverseSqrt": { en: "mmengine has no inverse_sqrt schedule", zh: "mmengine 没有 inverse_sqrt 调度" },
  "obstacle.packedLength": {
    en: "with packing the number of iterations is known only after tokenising",
    zh: "打包时要在分词之后才知道迭代次数",
  },
  "obstacle.restartsLength": {
    en: "mmengine restarts at whole iterations, so the length of the run must be known",
    zh: "mmengine 只能在整数迭代处重启，因此必须知道训练长度",
  },
  "obstacle.restartsUneven": says({
    en: (v: { cycles: number; rest: number }) =>
      `mmengine restarts at whole iterations, and ${v.cycles} cycles do not divide ${number(v.rest)} steps`,
    zh: (v) => `mmengine 只能在整数迭代处重启，${v.cycles} 个周期不能整除 ${number(v.rest)} 步`,
  }),
  "obstacle.xtunerPrecision": { en: "XTuner trains in bf16 or fp16", zh: "XTuner 以 bf16 或 fp16 训练" },
  "obstacle.xtuner1Shape": says({
    en: ({ scheduler }: { scheduler: string }) => `XTuner 1.x has cosine, linear and constant, not ${scheduler}`,
    zh: ({ scheduler }) => `XTuner 1.x 只有 cosine、linear、constant，没有 ${scheduler}`,
  }),
  "obstacle.xtuner1Epochs": { en: "XTuner 1.x counts whole epochs", zh: "XTuner 1.x 只支持整数轮" },
  "obstacle.xtuner1Method": { en: "XTuner 1.x trains all weights only", zh: "XTuner 1.x 仅支持全参训练" },
  "obstacle.xtuner1Precision": { en: "XTuner 1.x trains in bf16 only", zh: "XTuner 1.x 仅支持 bf16" },
  "obstacle.xtuner1Model": says({
    en: ({ model }: { model: string }) => `XTuner 1.x has no configuration for ${model}`,
    zh: ({ model }) => `XTuner 1.x 没有 ${model} 的配置`,
  }),
  "problem.unknownKey": says({
    en: ({ key }: { key: string }) => `there is no answer "${key}"`,
    zh: ({ key }) => `没有名为“${key}”的答案`,
  }),
  "problem.value": says({
    en: (v: { value: string; expected: string }) => `${v.value} is not ${v.expected}`,
    zh: (v) => `${v.value} 不是${v.expected}`,
  }),
  "expected.integer": says({
    en: (v: { min: number; max: number; auto: boolean }) =>
      `a whole number from ${number(v.min)} to ${number(v.max)}${v.auto ? ", or auto" : ""}`,
    zh: (v) => `${number(v.min)} 到 ${number(v.max)} 之间的整数${v.auto ? "或 auto" : ""}`,
  }),
  "expected.numberFrom": says({
    en: (v: { min: number; max: number }) => `a number from ${number(v.min)} to ${number(v.max)}`,
    zh: (v) => `${number(v.min)} 到 ${number(v.max)} 之间的数`,
  }),
  "expected.numberAbove": says({
    en: (v: { above: number; max: number }) => `a number above ${number(v.above)} and up to ${number(v.max)}`,
    zh: (v) => `大于 ${number(v.above)} 且不超过 ${number(v.max)} 的数`,
  }),
  "expected.oneOf": says({
    en: ({ values }: { values: string }) => `one of ${values}`,
    zh: ({ values }) => `以下之一：${values}`,
  }),
  "expected.list": { en: "a list of names", zh: "名称列表" },
  "expected.listOf": says({
    en: ({ values }: { values: string }) => `a list of ${values}`,
    zh: ({ values }) => `由 ${values} 组成的列表`,
  }),
  "expected.switch": { en: "true or false", zh: "true 或 false" },
  "expected.version": { en: "a version such as 4.57.6", zh: "形如 4.57.6 的版本号" },
  "expected.text": { en: "a text of up to 4096 characters without NUL", zh: "不超过 4096 个字符且不含 NUL 的文本" },
  "instead.unquote": says({
    en: ({ value }: { value: string }) => `write ${value} without quotes`,
    zh: ({ value }) => `请去掉引号，写成 ${value}`,
  }),
  "instead.mean": says({
    en: ({ values }: { values: string }) => `did you mean ${values}?`,
    zh: ({ values }) => `是否想写 ${values}？`,
  }),
  "instead.flag": says({ en: ({ flag }: { flag: string }) => `try ${flag}`, zh: ({ flag }) => `可改为 ${flag}` }),
  "instead.dropFlag": says({
    en: ({ flag }: { flag: string }) => `leave out ${flag}`,
    zh: ({ flag }) => `去掉 ${flag}`,
  }),
  "instead.dropThis": { en: "leave it out", zh: "去掉即可" },
  "instead.either": says({
    en: (v: { first: string; second: string }) => `try ${v.first} or ${v.second}`,
    zh: (v) => `可改为 ${v.first} 或 ${v.second}`,
  }),
  "instead.oneOf": says({
    en: ({ values }: { values: string }) => `say one of: ${values}`,
    zh: ({ values }) => `请选择其一：${values}`,
  }),
  "instead.nodes": says({
    en: ({ nodes }: { nodes: string }) => `--nodes may be ${nodes}`,
    zh: ({ nodes }) => `--nodes 可为 ${nodes}`,
  }),
  "instead.gpu": {
    en: "name it (--gpu h100) or its memory (--gpu-memory 80)",
    zh: "请指定型号（--gpu h100）或显存（--gpu-memory 80）",
  },
  "instead.gpuMemory": says({
    en: ({ count }: { count: number }) =>
      `none of the ${count} listed cards is near; say --gpu-memory GIB and --precision instead of --gpu`,
    zh: ({ count }) => `目录中的 ${count} 种显卡都不接近；可用 --gpu-memory GIB 与 --precision 代替 --gpu`,
  }),
  "instead.model": {
    en: "name one (--model qwen2.5-7b) or a size (--model-size 7B)",
    zh: "请指定模型（--model qwen2.5-7b）或规模（--model-size 7B）",
  },
  "instead.modelNear": says({
    en: ({ values }: { values: string }) =>
      `near it: ${values}; for another model give the path of its folder, or add --model-size 7B`,
    zh: ({ values }) => `相近的有：${values}；其他模型请给出目录路径，或加上 --model-size 7B`,
  }),
  "instead.modelSize": {
    en: "give the path of its folder or config.json, or add its size: --model-size 7B",
    zh: "请给出其目录或 config.json 的路径，或加上规模：--model-size 7B",
  },
  "instead.unquantized": {
    en: "name the checkpoint that it was made from; --method qlora quantises while loading",
    zh: "请使用量化前的检查点；--method qlora 会在加载时量化",
  },
  "instead.catalogModels": says({
    en: ({ task }: { task: string }) => (task === "embedding" ? "try --model bge-m3" : "try --model qwen2.5-7b"),
    zh: ({ task }) => (task === "embedding" ? "可改为 --model bge-m3" : "可改为 --model qwen2.5-7b"),
  }),
  "instead.globalBatch": says({
    en: ({ values }: { values: string }) => `nearest global batches: ${values}`,
    zh: ({ values }) => `最接近的全局批量：${values}`,
  }),
  "instead.oneLength": { en: "say --epochs or --max-steps, not both", zh: "--epochs 与 --max-steps 只能给一个" },
  "instead.oneWarmup": {
    en: "say --warmup-ratio or --warmup-steps, not both",
    zh: "--warmup-ratio 与 --warmup-steps 只能给一个",
  },
  "instead.lengthKnown": {
    en: "add --max-steps, or --samples next to --epochs",
    zh: "请加上 --max-steps，或在 --epochs 之外给出 --samples",
  },
  "instead.maxSteps": { en: "say --max-steps, or --targets hf", zh: "请给出 --max-steps，或使用 --targets hf" },
  "instead.otherTargets": says({
    en: ({ targets }: { targets: string }) => `try --targets ${targets}`,
    zh: ({ targets }) => `可改为 --targets ${targets}`,
  }),
} as const satisfies Record<string, Sentence>;
