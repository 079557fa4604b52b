import { number, says, type Sentence } from "./sentence.ts";

/** What `plan` says about memory and time. */
export const planner = {
  "cost.liger": {
    en: "no slower; the package liger-kernel is needed",
    zh: "不会变慢；需要安装 liger-kernel",
  },
  "cost.microBatch": says({
    en: ({ global }: { global: number }) =>
      `the global batch stays ${number(global)}; smaller matrices, a little slower`,
    zh: ({ global }) => `全局批量仍为 ${number(global)}；矩阵变小，略慢`,
  }),
  "cost.zero": says({
    en: ({ stage }: { stage: number }) =>
      stage === 3 ? "every micro step gathers the weights twice" : "the same traffic, split over the GPUs",
    zh: ({ stage }) => (stage === 3 ? "每个微步要收集两次权重" : "通信量相同，状态分摊到各卡"),
  }),
  "cost.offload": says({
    en: ({ host }: { host: number }) => `needs about ${number(host)} GiB of host memory a node`,
    zh: ({ host }) => `每节点约需 ${number(host)} GiB 内存`,
  }),
  "cost.seqLen": says({
    en: ({ seqLen }: { seqLen: number }) => `samples longer than ${number(seqLen)} tokens are cut`,
    zh: ({ seqLen }) => `超过 ${number(seqLen)} 个 token 的样本会被截断`,
  }),
  "cost.gpus": says({
    en: ({ more }: { more: number }) => `${number(more)} GPUs more`,
    zh: ({ more }) => `再加 ${number(more)} 张 GPU`,
  }),
  "cost.lora": {
    en: "adapters are trained instead of all weights, at a higher learning rate",
    zh: "只训练适配器而非全部权重，学习率更高",
  },
  "cost.qlora": {
    en: "adapters on a model in 4 bit: a little less exact, and slower for short rows",
    zh: "在 4 位模型上训练适配器：精度略低，短样本较慢",
  },
  "plan.slower": says({
    en: ({ factor }: { factor: string }) => `a step takes about ${factor} times as long`,
    zh: ({ factor }) => `每步耗时约为 ${factor} 倍`,
  }),
  "plan.fits": says({
    en: (v: { needed: string; available: string; room: string }) =>
      `Fits: about ${v.needed} of ${v.available} GiB a GPU, ${v.room} to spare`,
    zh: (v) => `放得下：每卡约 ${v.needed} / ${v.available} GiB，余 ${v.room}`,
  }),
  "plan.tight": says({
    en: (v: { needed: string; available: string; room: string }) =>
      `Tight: about ${v.needed} of ${v.available} GiB a GPU, only ${v.room} to spare`,
    zh: (v) => `紧张：每卡约 ${v.needed} / ${v.available} GiB，仅余 ${v.room}`,
  }),
  "plan.doesNotFit": says({
    en: (v: { needed: string; available: string; over: string }) =>
      `Does not fit: about ${v.needed} GiB a GPU, the card has ${v.available}; ${v.over} too much`,
    zh: (v) => `放不下：每卡约需 ${v.needed} GiB，显卡只有 ${v.available}；超出 ${v.over}`,
  }),
  "plan.numbers": says({
    en: (v: { allocated: string; reserved: string; device: string }) =>
      `torch allocates ${v.allocated} and reserves ${v.reserved} GiB; nvidia-smi shows about ${v.device}`,
    zh: (v) => `torch 分配 ${v.allocated} GiB、保留 ${v.reserved} GiB；nvidia-smi 显示约 ${v.device} GiB`,
  }),
  "plan.binding": says({
    en: ({ moment }: { moment: string }) => `Where it peaks: ${moment}`,
    zh: ({ moment }) => `峰值出现在：${moment}`,
  }),
  "plan.moment.forwardEnd": { en: "the end of the forward pass", zh: "前向结束时" },
  "plan.moment.backwardStart": { en: "the start of the backward pass", zh: "反向开始时" },
  "plan.moment.backwardEnd": { en: "the end of the backward pass", zh: "反向结束时" },
  "plan.moment.optimizerStep": { en: "the optimizer step", zh: "优化器更新时" },
  "plan.part.weights": { en: "weights", zh: "权重" },
  "plan.part.gradients": { en: "gradients", zh: "梯度" },
  "plan.part.optimizer": { en: "optimizer", zh: "优化器" },
  "plan.part.master": { en: "fp32 master", zh: "fp32 主权重" },
  "plan.part.buffers": { en: "buffers, buckets", zh: "缓冲与通信桶" },
  "plan.part.activations": { en: "activations", zh: "激活" },
  "plan.part.logits": { en: "logits", zh: "logits（输出层）" },
  "plan.part.step": { en: "step temporary", zh: "更新临时量" },
  "plan.part.context": { en: "CUDA and NCCL", zh: "CUDA 与 NCCL 开销" },
  "plan.part.room": { en: "room it needs", zh: "所需余量" },
  "plan.host": says({
    en: (v: { needed: string; offloaded: string; processes: string; saving: string }) =>
      `Host memory: about ${v.needed} GiB a node (${v.offloaded} offloaded, ${v.processes} processes, ${v.saving} while saving)`,
    zh: (v) => `每节点内存：约 ${v.needed} GiB（卸载 ${v.offloaded}，进程 ${v.processes}，保存时 ${v.saving}）`,
  }),
  "plan.alternatives": { en: "What would fit, cheapest first:", zh: "以下改动可以放下，由省到费：" },
  "plan.noAlternative": {
    en: "No single change would fit; a smaller model or several changes at once are needed.",
    zh: "没有单项改动能放下；需要更小的模型或同时做多项改动。",
  },
  "plan.alternative": says({
    en: (v: { needed: string; verdict: string }) => `${v.needed} GiB a GPU${v.verdict === "tight" ? ", tight" : ""}`,
    zh: (v) => `每卡 ${v.needed} GiB${v.verdict === "tight" ? "，紧张" : ""}`,
  }),
  "plan.speed": says({
    en: (v: { low: string; high: string }) => `Speed: about ${v.low} to ${v.high} tokens a second and GPU`,
    zh: (v) => `速度：每卡每秒约 ${v.low} 到 ${v.high} 个 token`,
  }),
  "plan.hours": says({
    en: (v: { low: string; high: string; gpuLow: string; gpuHigh: string }) =>
      `Time: about ${v.low} to ${v.high} hours, ${v.gpuLow} to ${v.gpuHigh} GPU-hours`,
    zh: (v) => `用时：约 ${v.low} 到 ${v.high} 小时，${v.gpuLow} 到 ${v.gpuHigh} GPU 小时`,
  }),
  "plan.secondsAStep": says({
    en: (v: { low: string; high: string }) => `Time: about ${v.low} to ${v.high} seconds an optimizer step`,
    zh: (v) => `用时：每个优化步约 ${v.low} 到 ${v.high} 秒`,
  }),
  "plan.noTime": {
    en: "No time is given: the speed of this card is not known in this precision.",
    zh: "不给出用时：不知道该显卡在此精度下的速度。",
  },
  "plan.assumed": says({
    en: (v: { low: string; high: string; row: number }) =>
      `Assumed: ${v.low} to ${v.high} % of the card's FLOP/s, every row ${number(v.row)} tokens long, no evaluation`,
    zh: (v) => `假设：利用率 ${v.low}% 到 ${v.high}%，每行都是 ${number(v.row)} 个 token，不含评测`,
  }),
  "plan.assumedNodes": {
    en: "Assumed: 100 to 400 Gb/s a GPU between nodes; with less it takes as much longer",
    zh: "假设：节点间每卡 100 到 400 Gb/s；带宽更低则按比例变慢",
  },
  "plan.communication": says({
    en: (v: { low: string; high: string }) =>
      `Communication dominates: ${v.low} to ${v.high} % of a step; more accumulation or fewer, larger nodes help`,
    zh: (v) => `通信占主导：占每步的 ${v.low}% 到 ${v.high}%；增大累积或减少节点有帮助`,
  }),
  "plan.offloadTime": says({
    en: (v: { low: string; high: string }) => `Offloading adds ${v.low} to ${v.high} seconds to every optimizer step`,
    zh: (v) => `卸载使每个优化步增加 ${v.low} 到 ${v.high} 秒`,
  }),
  "plan.explain": { en: "Where the bytes come from", zh: "各项的来历" },
  "plan.source": { en: "source", zh: "来源" },
  "command.doesNotFit": {
    en: "this job does not fit; with --force the files are written all the same",
    zh: "该任务放不下；如仍要生成文件，请加 --force",
  },
  "command.plansNothing": {
    en: "plan takes no folder: it writes nothing",
    zh: "plan 不接受目录：它不写入任何内容",
  },
  "help.plan": { en: "memory, time, and what would fit", zh: "显存、用时与可行方案" },
  "help.explainTerms": { en: "plan: every term with formula and source", zh: "plan：列出每项的公式与来源" },
  "wizard.of": says({
    en: (v: { needed: string; available: string; micro: number }) =>
      `about ${v.needed} of ${v.available} GiB a GPU with micro batch ${v.micro}`,
    zh: (v) => `微批量 ${v.micro} 时每卡约 ${v.needed} / ${v.available} GiB`,
  }),
  "regenerate.kept": says({
    en: (v: { global: number; micro: number; accumulation: number; world: number }) =>
      `The training stays the same: global batch ${number(v.global)} = ${v.micro} × ${v.accumulation} × ${v.world}.`,
    zh: (v) => `训练保持不变：全局批量 ${number(v.global)} = ${v.micro} × ${v.accumulation} × ${v.world}。`,
  }),
  "regenerate.batchImpossible": says({
    en: (v: { global: number; world: number }) =>
      `a global batch of ${number(v.global)} does not divide over ${v.world} GPUs, so the training can't stay the same`,
    zh: (v) => `全局批量 ${number(v.global)} 不能被 ${v.world} 张 GPU 整除，训练无法保持不变`,
  }),
  "regenerate.nearest": says({
    en: ({ flags }: { flags: string }) =>
      `nearest, with the learning rate that goes with each (its square root, for AdamW): ${flags}`,
    zh: ({ flags }) => `最接近的选择及相应学习率（AdamW 按批量的平方根缩放）：${flags}`,
  }),
} as const satisfies Record<string, Sentence>;
