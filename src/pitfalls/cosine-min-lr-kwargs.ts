import { factory } from "./examples.ts";
import { usesDeepSpeed } from "../jobs/facts.ts";
import { entryOf } from "../readers/tree.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "LR120",
  id: "cosine-min-lr-kwargs",
  severity: "error",
  title: { en: "A schedule without the arguments that it needs", zh: "学习率调度缺少必需的参数" },
  why: {
    en: "cosine_with_min_lr needs min_lr_rate (or min_lr), and warmup_stable_decay needs num_decay_steps, in lr_scheduler_kwargs; without them training stops when it begins. Under DeepSpeed, transformers 5 also stops at polynomial and at an absolute min_lr.",
    zh: "cosine_with_min_lr 需要在 lr_scheduler_kwargs 中给出 min_lr_rate（或 min_lr），warmup_stable_decay 需要 num_decay_steps；否则训练开始时报错。在 DeepSpeed 下，transformers 5 遇到 polynomial 与绝对值 min_lr 也会报错。",
  },
  fix: {
    en: "lr_scheduler_kwargs: {min_lr_rate: 0.1} or {num_decay_steps: …}.",
    zh: "写 lr_scheduler_kwargs: {min_lr_rate: 0.1} 或 {num_decay_steps: …}。",
  },
  sources: ["huggingface/transformers:src/transformers/optimization.py"],
  logs: [
    /One of min_lr or min_lr_rate should be set/i,
    /missing \d+ required positional arguments?: 'num_(?:stable|decay)_steps'/i,
    /'?DeepSpeed\w*Optimizer\w*'? object has no attribute 'defaults'/i,
  ],
  *find(job): Iterable<Hit> {
    const { args, ds, dialect } = job;
    if (args === null || dialect === "axolotl" || dialect === "xtuner" || ds?.doc.has("scheduler") === true) return;
    const schedule = args.get("lr_scheduler_type");
    const kwargs = args.get("lr_scheduler_kwargs");
    if (schedule === null) return;
    const has = (name: string): boolean =>
      kwargs?.node?.kind === "map" ? entryOf(kwargs.node, name) !== null : (kwargs?.text.includes(name) ?? false);
    const needs =
      schedule.value === "cosine_with_min_lr" && !has("min_lr") && !has("min_lr_rate")
        ? "min_lr_rate"
        : schedule.value === "warmup_stable_decay" && !has("num_decay_steps")
          ? "num_decay_steps"
          : null;
    if (needs !== null && (kwargs === null || kwargs.node?.kind === "map" || typeof kwargs.value === "string")) {
      yield {
        at: args.place("lr_scheduler_type"),
        says: {
          en: `${schedule.text} needs ${needs} in lr_scheduler_kwargs`,
          zh: `${schedule.text} 需要在 lr_scheduler_kwargs 中给出 ${needs}`,
        },
      };
      return;
    }
    const absolute = schedule.value === "cosine_with_min_lr" && !has("min_lr_rate");
    if (
      !usesDeepSpeed(job) ||
      !job.version("transformers").atLeast("5.0") ||
      !(schedule.value === "polynomial" || absolute)
    )
      return;
    yield {
      at: args.place("lr_scheduler_type"),
      says: {
        en: `under DeepSpeed transformers ${job.version("transformers").text} stops at ${absolute ? "an absolute min_lr" : "polynomial"}`,
        zh: `在 DeepSpeed 下，transformers ${job.version("transformers").text} 遇到${absolute ? "绝对值 min_lr" : " polynomial "}会报错`,
      },
    };
  },
  bad: [
    {
      files: {
        "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all", "lr_scheduler_type: cosine_with_min_lr"),
      },
    },
  ],
  good: [
    {
      files: {
        "train.yaml": factory(
          "learning_rate: 1.0e-4",
          "lora_target: all",
          "lr_scheduler_type: cosine_with_min_lr",
          "lr_scheduler_kwargs:",
          "  min_lr_rate: 0.1",
        ),
      },
    },
  ],
};
