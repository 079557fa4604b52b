import { estimate } from "../core/plan/memory/estimate.ts";
import { COMFORTABLE } from "../core/plan/memory/question.ts";
import type { MemoryJob } from "../core/plan/memory/job.ts";
import { ds, train } from "./examples.ts";
import { memoryOf } from "./memory.ts";
import type { Hit, Pitfall, Text } from "./pitfall.ts";

/** Weights, gradients and the optimizer's states alone may take this many cards before nothing can save the job. */
const FAR_BEYOND = 1.25;

const gib = (bytes: number): string => {
  const value = bytes / 2 ** 30;
  return String(value < 100 ? Math.round(value * 10) / 10 : Math.round(value));
};

/** What people change first, from the cheapest to the slowest. */
function* lighter(job: MemoryJob): Generator<readonly [Text, MemoryJob]> {
  const { engine, work } = job;
  const kept = { ...job, checkpointing: true };
  if (!job.checkpointing) yield [{ en: "gradient checkpointing", zh: "开启梯度检查点" }, kept];
  const one = work.kind === "tokens" ? { ...kept, work: { ...work, rows: 1 } } : kept;
  if (work.kind === "tokens" && work.rows > 1)
    yield [{ en: "gradient checkpointing and a micro batch of 1", zh: "开启梯度检查点并把微批设为 1" }, one];
  if (engine.kind !== "deepspeed") return;
  if (engine.stage < 3)
    yield [
      { en: "ZeRO-3", zh: "ZeRO-3" },
      { ...one, engine: { ...engine, stage: 3 } },
    ];
  if (engine.offload === "none")
    yield [
      { en: "ZeRO-3 with the optimizer offloaded", zh: "ZeRO-3 并卸载优化器" },
      { ...one, engine: { ...engine, stage: 3, offload: "optimizer" } },
    ];
  if (engine.offload !== "all")
    yield [
      { en: "ZeRO-3 with optimizer and parameters offloaded", zh: "ZeRO-3 并卸载优化器与参数" },
      { ...one, engine: { ...engine, stage: 3, offload: "all" } },
    ];
}

const zero2 = ds({
  bf16: { enabled: true },
  optimizer: { type: "AdamW", params: { lr: "auto", betas: "auto", eps: "auto", weight_decay: "auto" } },
});
const command = train(
  "--bf16 True",
  "--warmup_steps 10",
  "--gradient_checkpointing True",
  "--model_max_length 2048",
  "--use_lora False",
).replace("facebook/opt-6.7b", "Qwen/Qwen2.5-7B-Instruct");

export const pitfall: Pitfall = {
  code: "ME101",
  id: "does-not-fit",
  severity: "warning",
  title: { en: "The job does not fit the card", zh: "显存放不下" },
  why: {
    en: "What weights, gradients, optimizer states, activations and buffers need at the worst moment of a step, by the same memory model that plans jobs; only where --gpu names the card. What the files leave open is taken at its least.",
    zh: "权重、梯度、优化器状态、激活与缓冲区在一步之中最大时所需的显存，与规划任务使用同一个显存模型；仅在用 --gpu 给出显卡时检查。文件没有写明的部分按最小值计算。",
  },
  fix: {
    en: "A shorter length or a smaller micro batch, gradient checkpointing, a higher ZeRO stage, offload, or adapters.",
    zh: "缩短长度或减小微批、开启梯度检查点、提高 ZeRO 阶段、卸载，或改用适配器微调。",
  },
  sources: ["deepspeedai/DeepSpeed:docs/code-docs/source/memory.rst", "hiyouga/LLaMA-Factory#7282"],
  logs: [/torch\.(?:cuda\.)?OutOfMemoryError/, /CUDA out of memory/i],
  *find(job): Iterable<Hit> {
    const found = memoryOf(job);
    if (found === null) return;
    const { memory, model, gpu, place, available, certain } = found;
    const { needed, parts } = estimate(memory);
    if (needed <= available) return;
    const states = parts.weights + parts.gradients + parts.optimizer + parts.master;
    const way = lighter(memory);
    let helps: Text | null = null;
    for (const [words, changed] of way) {
      if (estimate(changed).needed > COMFORTABLE * available) continue;
      helps = words;
      break;
    }
    const { engine, gpus, trained } = memory;
    const how = engine.kind === "deepspeed" ? `ZeRO-${engine.stage}` : engine.kind === "fsdp" ? "FSDP" : "no sharding";
    const wie = engine.kind === "deepspeed" || engine.kind === "fsdp" ? how : "无切分";
    yield {
      at: place,
      severity: certain && states > FAR_BEYOND * available ? "error" : "warning",
      says: {
        en: `${model.id}${trained.kind === "all" ? " in full" : " with adapters"}, ${how}, on ${gpus} × ${gpu.name}: about ${gib(needed)} GiB a GPU are needed (weights, gradients and optimizer ${gib(states)}, activations and logits ${gib(parts.activations + parts.logits)}), the card has ${gib(available)}${helps === null ? "" : `; ${helps.en} would fit`}`,
        zh: `${model.id}${trained.kind === "all" ? " 全参微调" : " 适配器微调"}，${wie}，${gpus} × ${gpu.name}：每张卡约需 ${gib(needed)} GiB（权重、梯度与优化器 ${gib(states)}，激活与 logits ${gib(parts.activations + parts.logits)}），而显卡只有 ${gib(available)} GiB${helps === null ? "" : `；${helps.zh}即可放下`}`,
      },
    };
  },
  bad: [{ files: { "run.sh": command, "ds_config.json": zero2 }, context: { gpu: "rtx-3090" } }],
  good: [
    { files: { "run.sh": command, "ds_config.json": zero2 }, context: { gpu: "a100-80gb-sxm" } },
    { files: { "run.sh": command, "ds_config.json": zero2 } },
  ],
};
