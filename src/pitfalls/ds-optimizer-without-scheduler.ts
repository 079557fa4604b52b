import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer, pins } from "./tools.ts";

const optimizer = { type: "AdamW", params: { lr: "auto", betas: "auto", eps: "auto", weight_decay: "auto" } };

export const pitfall: Pitfall = {
  code: "LR102",
  id: "ds-optimizer-without-scheduler",
  severity: "error",
  title: {
    en: "A DeepSpeed optimizer without a scheduler, in an old transformers",
    zh: "旧版 transformers 中只有 DeepSpeed optimizer 而没有 scheduler",
  },
  why: {
    en: "transformers 4.30 to 4.33, and accelerate before 0.23, can't put a schedule of their own around an optimizer of DeepSpeed's: the run stops at its start.",
    zh: "transformers 4.30 至 4.33 以及 0.23 之前的 accelerate 无法在 DeepSpeed 的优化器上使用自己的调度：训练一开始就会报错。",
  },
  fix: {
    en: "transformers 4.34 and accelerate 0.23 or later, or neither optimizer nor scheduler in the DeepSpeed config.",
    zh: "使用 transformers 4.34、accelerate 0.23 及以上，或者在 DeepSpeed 配置里两者都不写。",
  },
  versions: {
    en: "transformers 4.30 to 4.33, accelerate before 0.23",
    zh: "transformers 4.30 至 4.33，accelerate 0.23 之前",
  },
  sources: ["deepspeedai/DeepSpeedExamples#600", "deepspeedai/DeepSpeed#4846", "AetherCortex/Llama-X#30"],
  logs: [
    /[Ff]ound `?optimizer`? .*but no `?scheduler`?/,
    /cannot create a `?DummyScheduler`?/i,
    /You cannot create a `DummyScheduler` without specifying a scheduler/i,
  ],
  *find(job): Iterable<Hit> {
    const { ds } = job;
    if (ds === null || !byTrainer(job) || !ds.doc.has("optimizer") || ds.doc.has("scheduler")) return;
    const [transformers, accelerate] = [job.version("transformers"), job.version("accelerate")];
    const oldTransformers = transformers.atLeast("4.30") && transformers.below("4.34");
    if (!oldTransformers && !accelerate.below("0.23")) return;
    const culprit = oldTransformers ? `transformers ${transformers.text}` : `accelerate ${accelerate.text}`;
    yield {
      at: ds.doc.place("optimizer"),
      also: pins(job, "transformers", "accelerate"),
      says: {
        en: `optimizer without scheduler: ${culprit} can't combine it with the Trainer's schedule`,
        zh: `有 optimizer 而没有 scheduler：${culprit} 无法把它与 Trainer 的调度结合`,
      },
    };
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10"),
        "ds_config.json": ds({ optimizer }),
        "requirements.txt": "transformers==4.31.0\n",
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10"),
        "ds_config.json": ds({ optimizer }),
        "requirements.txt": "transformers==4.44.2\n",
      },
    },
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10"),
        "ds_config.json": ds(),
        "requirements.txt": "transformers==4.31.0\n",
      },
    },
  ],
};
