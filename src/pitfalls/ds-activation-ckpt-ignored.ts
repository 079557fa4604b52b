import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

export const pitfall: Pitfall = {
  code: "GC104",
  id: "ds-activation-ckpt-ignored",
  severity: "info",
  title: { en: "activation_checkpointing under the Trainer", zh: "由 Trainer 读取的 activation_checkpointing" },
  why: {
    en: "The models of transformers checkpoint with torch; DeepSpeed's section configures functions that they don't call.",
    zh: "transformers 的模型使用 torch 的检查点；DeepSpeed 的这一部分配置的是它们不会调用的函数。",
  },
  fix: { en: "--gradient_checkpointing, and no such section.", zh: "使用 --gradient_checkpointing，删除该部分。" },
  sources: ["huggingface/transformers:docs/source/en/deepspeed.md"],
  *find(job): Iterable<Hit> {
    if (
      job.ds === null ||
      !byTrainer(job) ||
      !job.ds.doc.has("activation_checkpointing") ||
      job.args?.on("gradient_checkpointing") === true
    )
      return;
    yield {
      at: job.ds.doc.place("activation_checkpointing"),
      says: { en: "this section has no effect on a model of transformers", zh: "该部分对 transformers 的模型不起作用" },
    };
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10"),
        "ds_config.json": ds({ activation_checkpointing: { partition_activations: true } }),
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10", "--gradient_checkpointing True"),
        "ds_config.json": ds(),
      },
    },
  ],
};
