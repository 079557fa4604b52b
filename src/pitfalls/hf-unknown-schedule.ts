import { nearest } from "../catalog/nearest.ts";
import { factory } from "./examples.ts";
import { replaceSetting } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** The values of lr_scheduler_type, with the release that brought them: src/transformers/trainer_utils.py. */
const SINCE: Readonly<Record<string, string | null>> = {
  linear: null,
  cosine: null,
  cosine_with_restarts: null,
  polynomial: null,
  constant: null,
  constant_with_warmup: null,
  inverse_sqrt: null,
  reduce_lr_on_plateau: null,
  cosine_with_min_lr: "4.40",
  warmup_stable_decay: "4.41",
  cosine_warmup_with_min_lr: "4.54",
  greedy: "5.2",
};

export const pitfall: Pitfall = {
  code: "LR119",
  id: "hf-unknown-schedule",
  severity: "error",
  title: { en: "A schedule that transformers does not have", zh: "transformers 没有的学习率调度" },
  why: {
    en: "lr_scheduler_type takes a fixed list of names; any other stops TrainingArguments.",
    zh: "lr_scheduler_type 只接受固定的名称；其他值会使 TrainingArguments 报错。",
  },
  fix: { en: `One of ${Object.keys(SINCE).join(", ")}.`, zh: `使用 ${Object.keys(SINCE).join("、")} 之一。` },
  sources: ["huggingface/transformers:src/transformers/trainer_utils.py"],
  logs: [/is not a valid SchedulerType/i],
  *find(job): Iterable<Hit> {
    const setting = job.args?.exactly("lr_scheduler_type") ?? null;
    if (
      setting === null ||
      typeof setting.value !== "string" ||
      job.dialect === "axolotl" ||
      job.dialect === "xtuner" ||
      job.reader === "deepspeed"
    )
      return;
    // An enumeration of transformers' own: `SchedulerType.COSINE`.
    if (!/^[a-z_]+$/i.test(setting.value)) return;
    const known = Object.hasOwn(SINCE, setting.value);
    const since = known ? (SINCE[setting.value] ?? null) : null;
    const transformers = job.version("transformers");
    if (known && (since === null || !transformers.below(since))) return;
    const near = known ? undefined : nearest(setting.value, Object.keys(SINCE), 1)[0];
    yield {
      at: setting.place,
      says: known
        ? {
            en: `${setting.value} came with transformers ${since}; this is ${transformers.text}`,
            zh: `${setting.value} 自 transformers ${since} 起提供；当前为 ${transformers.text}`,
          }
        : {
            en: `transformers has no schedule ${setting.value}${near === undefined ? "" : `; ${near} is probably meant`}`,
            zh: `transformers 没有名为 ${setting.value} 的调度${near === undefined ? "" : `；大概是想写 ${near}`}`,
          },
      fix:
        near === undefined || setting.valueRange === null
          ? undefined
          : replaceSetting(
              setting,
              setting.place.source.text
                .slice(setting.valueRange.from, setting.valueRange.to)
                .replace(setting.value, near),
            ),
    };
  },
  bad: [{ files: { "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all", "lr_scheduler_type: cosin") } }],
  good: [
    { files: { "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all", "lr_scheduler_type: cosine") } },
  ],
};
