import { type LRConfig, xtunerLearningRate } from "../engines/xtuner.ts";
import type { Curves, Hit, Pitfall } from "./pitfall.ts";
import { built, xtuner1 } from "./xtuner1.ts";

/** Defaults of AdamWConfig and LRConfig. */
const LR = 1e-5;
const FLOOR = 1e-6;
const WARMUP = 0.03;
const TOTAL = 1000;

export const pitfall: Pitfall = {
  code: "MM108",
  id: "xtuner1-lr-min",
  severity: "error",
  title: { en: "lr_min at or above the learning rate", zh: "lr_min 不小于学习率" },
  why: {
    en: "XTuner 1.x's lr_min is a learning rate, not a share of the peak, and 1e-6 unless it is given. At a peak of 1e-6 the schedule is a flat line; below, the learning rate rises to lr_min.",
    zh: "XTuner 1.x 的 lr_min 是学习率本身，不是相对峰值的比例，默认为 1e-6。峰值为 1e-6 时调度是一条直线；峰值更小时，学习率会上升到 lr_min。",
  },
  fix: { en: "An lr_min below lr: a tenth of it, or 0.", zh: "lr_min 应小于 lr：取其十分之一，或 0。" },
  versions: { en: "XTuner 1.x", zh: "XTuner 1.x 各版本" },
  sources: ["InternLM/xtuner:xtuner/v1/train/trainer.py", "InternLM/xtuner:xtuner/v1/config/optim.py"],
  *find({ xtuner1: file }): Iterable<Hit> {
    const schedule = file === null ? null : built(file, /^LRConfig$/);
    const optimizer = file === null ? null : built(file, /^(?:AdamW|Muon)Config$/);
    if (schedule === null || optimizer === null) return;
    const type = schedule.value("lr_type");
    if (type !== "cosine" && type !== "linear") return;
    const lr = optimizer.number("lr") ?? (optimizer.has("lr") ? undefined : LR);
    const floor = schedule.number("lr_min") ?? (schedule.has("lr_min") ? undefined : FLOOR);
    if (lr === undefined || floor === undefined || floor < lr) return;
    yield {
      at: schedule.place("lr_min"),
      also: optimizer.has("lr") ? [optimizer.place("lr")] : [],
      says:
        floor === lr
          ? {
              en: `lr_min ${floor} is the learning rate: ${type} is a flat line`,
              zh: `lr_min ${floor} 等于学习率：${type} 是一条直线`,
            }
          : {
              en: `lr_min ${floor} is above the learning rate ${lr}: ${type} rises`,
              zh: `lr_min ${floor} 大于学习率 ${lr}：${type} 会上升`,
            },
      curves: curves({ lr_type: type, warmup_ratio: schedule.number("warmup_ratio") ?? WARMUP, lr_min: floor }, lr),
    };
  },
  bad: [
    { files: { "config.py": xtuner1("1e-6", 'lr_type="cosine"') } },
    { files: { "config.py": xtuner1("1e-5", 'lr_type="linear", lr_min=1e-4') } },
  ],
  good: [{ files: { "config.py": xtuner1("6e-5", 'lr_type="cosine", lr_min=1e-6') } }],
};

function curves(config: LRConfig, lr: number): Curves {
  const meant = { ...config, lr_min: lr / 10 };
  return {
    total: TOTAL,
    asked: (step) => xtunerLearningRate(meant, lr, TOTAL, step),
    runs: (step) => xtunerLearningRate(config, lr, TOTAL, step),
  };
}
