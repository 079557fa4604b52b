import { namedCurves } from "./curves.ts";
import { factory } from "./examples.ts";
import { replaceSetting } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "LR118",
  id: "constant-ignores-warmup",
  severity: "warning",
  title: { en: "A warm-up that the constant schedule ignores", zh: "constant 调度忽略预热" },
  why: {
    en: "lr_scheduler_type constant has no warm-up: the first step takes the full learning rate, whatever warmup_steps or warmup_ratio say.",
    zh: "lr_scheduler_type 为 constant 时没有预热：无论 warmup_steps 或 warmup_ratio 如何设置，第一步就使用全部学习率。",
  },
  fix: { en: "constant_with_warmup.", zh: "改用 constant_with_warmup。" },
  sources: ["huggingface/transformers:src/transformers/optimization.py"],
  *find(job): Iterable<Hit> {
    const { args, ds } = job;
    const schedule = args?.get("lr_scheduler_type");
    if (args === null || schedule == null || schedule.value !== "constant" || ds?.doc.has("scheduler") === true) return;
    const name = ["warmup_steps", "warmup_ratio"].find((each) => (args.number(each) ?? 0) > 0);
    if (name === undefined) return;
    yield {
      at: schedule.place,
      also: [args.place(name)],
      says: {
        en: `constant ignores ${name} ${args.text(name) ?? ""}`,
        zh: `constant 忽略 ${name} ${args.text(name) ?? ""}`,
      },
      curves: namedCurves(job, "constant_with_warmup", "constant"),
      fix: replaceSetting(
        schedule,
        schedule.place.source.text
          .slice(schedule.valueRange?.from ?? 0, schedule.valueRange?.to ?? 0)
          .replace("constant", "constant_with_warmup"),
      ),
    };
  },
  bad: [
    { files: { "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all", "lr_scheduler_type: constant") } },
  ],
  good: [
    {
      files: {
        "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all", "lr_scheduler_type: constant_with_warmup"),
      },
    },
  ],
};
