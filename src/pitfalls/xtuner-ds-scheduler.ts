import { removeKey } from "./edits.ts";
import { sh, xtuner } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const cosine =
  "eta_min=0.0, by_epoch=True, begin=warmup_ratio * max_epochs, end=max_epochs, convert_to_iter_based=True";
const config = (keys: object): string =>
  `${JSON.stringify({ bf16: { enabled: true }, train_micro_batch_size_per_gpu: "auto", gradient_accumulation_steps: "auto", gradient_clipping: "auto", zero_optimization: { stage: 2 }, ...keys }, null, 2)}\n`;

export const pitfall: Pitfall = {
  code: "MM106",
  id: "xtuner-ds-scheduler",
  severity: "error",
  title: { en: "A DeepSpeed scheduler under XTuner", zh: "XTuner 使用的 DeepSpeed 配置含有 scheduler" },
  why: {
    en: "Both engines step: DeepSpeed's scheduler writes the learning rate at every optimizer step, and mmengine's schedulers multiply what it wrote. Neither schedule runs.",
    zh: "两个引擎都在前进：DeepSpeed 的 scheduler 在每个优化器步写入学习率，mmengine 的调度器再乘以它写入的值。结果两种调度都不成立。",
  },
  fix: { en: "Delete the scheduler block; XTuner's own config decides.", zh: "删除 scheduler；由 XTuner 的配置决定。" },
  versions: { en: "XTuner 0.1 and 0.2", zh: "XTuner 0.1 与 0.2" },
  sources: ["open-mmlab/mmengine:mmengine/_strategy/deepspeed.py", "InternLM/xtuner:xtuner/tools/train.py"],
  *find(job): Iterable<Hit> {
    if (job.reader !== "mmengine" || job.ds === null || !job.ds.doc.has("scheduler")) return;
    yield {
      at: job.ds.doc.place("scheduler"),
      says: {
        en: "DeepSpeed's scheduler and XTuner's param_scheduler both change the learning rate",
        zh: "DeepSpeed 的 scheduler 与 XTuner 的 param_scheduler 都在改变学习率",
      },
      fix: removeKey(job.ds.doc, "scheduler"),
    };
  },
  bad: [
    {
      files: {
        "config.py": xtuner(cosine),
        "run.sh": sh("NPROC_PER_NODE=8 xtuner train config.py", "--deepspeed ds.json"),
        "ds.json": config({
          scheduler: {
            type: "WarmupLR",
            params: { warmup_max_lr: 2e-5, warmup_num_steps: 100, warmup_type: "linear" },
          },
        }),
      },
    },
  ],
  good: [
    {
      files: {
        "config.py": xtuner(cosine),
        "run.sh": sh("NPROC_PER_NODE=8 xtuner train config.py", "--deepspeed ds.json"),
        "ds.json": config({}),
      },
    },
  ],
};
