import { processesPerNode, usesDeepSpeed } from "../jobs/facts.ts";
import { ds, embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "GC101",
  id: "flagembedding-gc-needs-deepspeed",
  severity: "error",
  title: {
    en: "FlagEmbedding with gradient checkpointing and without DeepSpeed",
    zh: "FlagEmbedding 启用梯度检查点却没有使用 DeepSpeed",
  },
  why: {
    en: "The encoder runs twice in a step, for queries and for passages. Under DistributedDataParallel, re-entrant checkpointing then marks a parameter ready twice and stops.",
    zh: "编码器每步运行两次（查询与段落）。在 DistributedDataParallel 下，可重入检查点会使参数被标记两次而报错退出。",
  },
  fix: {
    en: "--deepspeed with a stage 0 or 1 config, or --gradient_checkpointing_kwargs '{\"use_reentrant\": false}'.",
    zh: "使用 --deepspeed 与 0 或 1 阶段的配置，或 --gradient_checkpointing_kwargs '{\"use_reentrant\": false}'。",
  },
  sources: ["FlagOpen/FlagEmbedding#184", "FlagOpen/FlagEmbedding#1178", "FlagOpen/FlagEmbedding#742"],
  *find(job): Iterable<Hit> {
    const { args, dialect } = job;
    if (args === null || dialect !== "flagembedding" || !args.on("gradient_checkpointing") || usesDeepSpeed(job))
      return;
    if (/use_reentrant"?\s*:\s*false/i.test(args.text("gradient_checkpointing_kwargs") ?? "")) return;
    if (processesPerNode(job)?.value === 1) return;
    yield {
      at: args.place("gradient_checkpointing"),
      says: {
        en: "gradient checkpointing without DeepSpeed stops in the first backward pass on several GPUs",
        zh: "多 GPU 上不使用 DeepSpeed 而启用梯度检查点，会在第一次反向传播时中断",
      },
    };
  },
  bad: [{ files: { "run.sh": embed("--per_device_train_batch_size 16", "--gradient_checkpointing") } }],
  good: [
    {
      files: {
        "run.sh": embed(
          "--per_device_train_batch_size 16",
          "--gradient_checkpointing",
          "--bf16",
          "--deepspeed ds_stage0.json",
        ),
        "ds_stage0.json": ds({ zero_optimization: { stage: 0 } }),
      },
    },
    {
      files: {
        "run.sh": embed("--per_device_train_batch_size 16", "--gradient_checkpointing").replace(
          "nproc_per_node 2",
          "nproc_per_node 1",
        ),
      },
    },
  ],
};
