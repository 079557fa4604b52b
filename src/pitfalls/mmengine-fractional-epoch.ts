import { xtuner } from "./examples.ts";
import { byTrainLoop } from "./mmengine-cosine-no-end.ts";
import { schedulerPaths } from "./tools.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { typeName } from "./tools.ts";

export const pitfall: Pitfall = {
  code: "MM103",
  id: "mmengine-fractional-epoch",
  severity: "error",
  title: { en: "An epoch-based schedule that is not converted to iterations", zh: "按 epoch 的调度没有转换为按迭代" },
  why: {
    en: "Without convert_to_iter_based such a schedule steps when an epoch ends. Under XTuner's TrainLoop that is once, at the end of the run: the learning rate never changes. A begin or end in fractions of an epoch is never met either.",
    zh: "没有 convert_to_iter_based 时，这种调度只在 epoch 结束时前进。在 XTuner 的 TrainLoop 下只发生一次，即训练结束时：学习率始终不变。以小数 epoch 写的 begin、end 也永远不会到达。",
  },
  fix: {
    en: "convert_to_iter_based=True, or by_epoch=False with whole iterations.",
    zh: "加上 convert_to_iter_based=True，或使用 by_epoch=False 与整数迭代。",
  },
  sources: [
    "open-mmlab/mmengine:mmengine/optim/scheduler/param_scheduler.py",
    "InternLM/xtuner:xtuner/engine/runner/loops.py",
  ],
  *find(job): Iterable<Hit> {
    if (job.xtuner === null) return;
    const { doc } = job.xtuner;
    const loop = byTrainLoop(job);
    for (const path of schedulerPaths(doc)) {
      const type = typeName(doc, `${path}.type`);
      if (type === null || !/(?:LR|ParamScheduler)$/.test(type) || doc.value(`${path}.by_epoch`) === false) continue;
      const converted = doc.node(`${path}.convert_to_iter_based`);
      if (converted !== null && (converted.kind !== "scalar" || converted.value !== false)) continue;
      const broken = ["begin", "end"].some((key) => !Number.isInteger(doc.number(`${path}.${key}`) ?? 0));
      if (!loop && !broken) continue;
      yield {
        at: doc.place(`${path}.convert_to_iter_based`),
        severity: loop ? "error" : "warning",
        says: loop
          ? {
              en: `${type} steps by epochs, which TrainLoop has none of: the learning rate does not change during the run`,
              zh: `${type} 按 epoch 前进，而 TrainLoop 没有 epoch：训练中学习率不变`,
            }
          : {
              en: `${type} counts whole epochs: a fraction is never met`,
              zh: `${type} 按整数 epoch 计数：小数永远不会到达`,
            },
      };
    }
  },
  bad: [{ files: { "config.py": xtuner("eta_min=0.0, by_epoch=True, begin=1, end=max_epochs") } }],
  good: [
    {
      files: {
        "config.py": xtuner(
          "eta_min=0.0, by_epoch=True, begin=warmup_ratio * max_epochs, end=max_epochs, convert_to_iter_based=True",
        ),
      },
    },
  ],
};
