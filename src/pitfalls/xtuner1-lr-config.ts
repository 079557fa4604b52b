import { nearest } from "../catalog/nearest.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { built, xtuner1 } from "./xtuner1.ts";

const KEYS = ["lr_type", "warmup_ratio", "lr_min"];
const TYPES = ["cosine", "linear", "constant"];

export const pitfall: Pitfall = {
  code: "MM110",
  id: "xtuner1-lr-config",
  severity: "error",
  title: { en: "A schedule that XTuner 1.x does not take", zh: "XTuner 1.x 不接受的学习率调度" },
  why: {
    en: "LRConfig has lr_type (cosine, linear, constant), warmup_ratio and lr_min, and refuses everything else. Epochs or steps: the trainer takes exactly one.",
    zh: "LRConfig 只有 lr_type（cosine、linear、constant）、warmup_ratio 与 lr_min，其余一律拒绝。epoch 数与步数，训练器只接受其中之一。",
  },
  fix: { en: "The names that are listed.", zh: "使用所列的名称。" },
  versions: { en: "XTuner 1.x", zh: "XTuner 1.x 各版本" },
  sources: ["InternLM/xtuner:xtuner/v1/config/optim.py", "InternLM/xtuner:xtuner/v1/train/trainer.py"],
  *find({ xtuner1: file }): Iterable<Hit> {
    if (file === null) return;
    const schedule = built(file, /^LRConfig$/);
    for (const { key } of schedule?.entries("") ?? []) {
      if (schedule === null || KEYS.includes(key)) continue;
      const near = nearest(key, KEYS, 1)[0];
      yield {
        at: schedule.place(key),
        says: {
          en: `LRConfig has no ${key}${near === undefined ? "" : `; ${near} is probably meant`}`,
          zh: `LRConfig 没有 ${key}${near === undefined ? "" : `；大概是想写 ${near}`}`,
        },
      };
    }
    const type = schedule?.value("lr_type");
    if (schedule !== null && typeof type === "string" && !TYPES.includes(type)) {
      yield {
        at: schedule.place("lr_type"),
        says: {
          en: `lr_type ${type} is none of ${TYPES.join(", ")}`,
          zh: `lr_type ${type} 不是 ${TYPES.join("、")} 之一`,
        },
      };
    }
    const trainer = built(file, /^TrainerConfig$/);
    const given = (name: string): boolean => trainer !== null && trainer.has(name) && trainer.value(name) !== null;
    if (trainer !== null && given("total_step") && given("total_epoch")) {
      yield {
        at: trainer.place("total_step"),
        also: [trainer.place("total_epoch")],
        says: { en: "total_step and total_epoch exclude each other", zh: "total_step 与 total_epoch 互斥" },
      };
    }
  },
  bad: [
    { files: { "config.py": xtuner1("6e-5", 'lr_type="cosine", min_lr=1e-6') } },
    { files: { "config.py": xtuner1("6e-5", 'lr_type="wsd"') } },
    { files: { "config.py": xtuner1("6e-5", 'lr_type="cosine"', "total_epoch=1, total_step=1000") } },
  ],
  good: [{ files: { "config.py": xtuner1("6e-5", 'lr_type="cosine", warmup_ratio=0.03, lr_min=1e-6') } }],
};
