import type { Job } from "../jobs/job.ts";
import { renameKey } from "./edits.ts";
import { xtuner } from "./examples.ts";
import { mmengineCurves, without } from "./mmengine-curves.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { schedulerPaths, typeName } from "./tools.ts";

/** Whether the config trains by XTuner's own loop, which counts iterations. */
export const byTrainLoop = ({ xtuner: file }: Job): boolean =>
  file !== null && typeName(file.doc, "train_cfg.type") === "TrainLoop";

export const pitfall: Pitfall = {
  code: "MM101",
  id: "mmengine-cosine-no-end",
  severity: "error",
  title: {
    en: "An epoch-based schedule without `end` under XTuner's TrainLoop",
    zh: "XTuner 的 TrainLoop 下按 epoch 的调度缺少 end",
  },
  why: {
    en: "TrainLoop counts iterations, and its max_epochs is always 1; mmengine takes that as the scheduler's default end. The schedule therefore stops after the first epoch, and the learning rate stays where it was at that moment: with T_max=3, at about four fifths of the peak.",
    zh: "TrainLoop 按迭代计数，其 max_epochs 恒为 1，mmengine 把它当作调度器默认的 end。于是调度在第一个 epoch 之后停止，学习率停留在当时的数值：T_max=3 时约为峰值的五分之四。",
  },
  fix: {
    en: "Write end=max_epochs in place of T_max; T_max then follows from it.",
    zh: "把 T_max 换成 end=max_epochs；T_max 会由此得出。",
  },
  versions: {
    en: "configs made for XTuner up to 0.1.13, used with TrainLoop",
    zh: "为 XTuner 0.1.13 及更早版本编写、却与 TrainLoop 一起使用的配置",
  },
  sources: ["InternLM/xtuner#386", "InternLM/xtuner#394", "open-mmlab/mmengine:mmengine/runner/runner.py"],
  *find(job): Iterable<Hit> {
    if (job.xtuner === null || !byTrainLoop(job)) return;
    const { doc } = job.xtuner;
    const epochs = doc.number("train_cfg.max_epochs");
    if (epochs === undefined || doc.has("train_cfg.max_iters")) return;
    for (const path of schedulerPaths(doc)) {
      const type = typeName(doc, `${path}.type`);
      if (
        type === null ||
        !/(?:LR|ParamScheduler)$/.test(type) ||
        doc.value(`${path}.by_epoch`) === false ||
        doc.has(`${path}.end`)
      )
        continue;
      const key = doc.has(`${path}.T_max`) ? "T_max" : "end";
      const span = doc.number(`${path}.T_max`);
      yield {
        at: doc.place(`${path}.${key}`),
        severity: epochs > 1 ? "error" : "info",
        says: {
          en: `${type} has no end: it stops after epoch 1 of ${epochs}, and the learning rate is frozen from there on`,
          zh: `${type} 没有 end：在 ${epochs} 个 epoch 中的第 1 个之后就停止，此后学习率不再变化`,
        },
        fix: span === epochs ? renameKey(doc, `${path}.T_max`, "end") : undefined,
        curves: epochs > 1 ? mmengineCurves(job, (entry) => ({ end: epochs, ...without(entry, "T_max") })) : undefined,
      };
    }
  },
  bad: [
    {
      files: {
        "config.py": xtuner(
          "eta_min=0.0, by_epoch=True, begin=warmup_ratio * max_epochs, T_max=max_epochs, convert_to_iter_based=True",
        ),
      },
    },
  ],
  good: [
    {
      files: {
        "config.py": xtuner(
          "eta_min=0.0, by_epoch=True, begin=warmup_ratio * max_epochs, end=max_epochs, convert_to_iter_based=True",
        ),
      },
    },
    { files: { "config.py": xtuner("eta_min=0.0, by_epoch=False, begin=9, end=300") } },
  ],
};
