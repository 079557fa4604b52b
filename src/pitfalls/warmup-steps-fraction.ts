import { renameSetting } from "./edits.ts";
import { factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "LR116",
  id: "warmup-steps-fraction",
  severity: "error",
  title: {
    en: "A fraction in warmup_steps, or a warmup_ratio of 1 and more",
    zh: "warmup_steps 写成小数，或 warmup_ratio 大于等于 1",
  },
  why: {
    en: "transformers 5 takes a fraction in warmup_steps for a share of the run. Before 5 it must be a whole number: 4.42 and later stop, older ones hardly warm up at all. A ratio of 1 warms up to the last step.",
    zh: "transformers 5 把 warmup_steps 中的小数视为占总步数的比例。5 之前必须是整数：4.42 及以上会报错，更早的版本几乎不预热。比例为 1 则会一直预热到最后一步。",
  },
  fix: {
    en: "The name that fits the version: warmup_ratio for a share before 5, warmup_steps from 5 on.",
    zh: "按版本选用名称：5 之前用 warmup_ratio 表示比例，5 起用 warmup_steps。",
  },
  sources: [
    "huggingface/transformers:MIGRATION_GUIDE_V5.md",
    "huggingface/transformers:src/transformers/training_args.py",
  ],
  logs: [/warmup_steps must be of type int/i, /warmup_ratio must lie in range \[0, ?1\]/i],
  *find(job): Iterable<Hit> {
    const { args, dialect } = job;
    if (args === null) return;
    const steps = args.number("warmup_steps");
    const transformers = job.version("transformers");
    const setting = args.get("warmup_steps");
    if (
      steps !== undefined &&
      steps > 0 &&
      steps < 1 &&
      setting !== null &&
      !transformers.atLeast("5.0") &&
      dialect !== "axolotl"
    ) {
      yield {
        at: setting.place,
        severity: transformers.known ? "error" : "warning",
        says: {
          en: `warmup_steps ${steps} is a share of the run from transformers 5 on only; before, it must be a whole number`,
          zh: `warmup_steps ${steps} 只有在 transformers 5 起才表示比例；之前必须是整数`,
        },
        fix:
          transformers.below("5.0") && !args.has("warmup_ratio") ? renameSetting(setting, "warmup_ratio") : undefined,
      };
    }
    const ratio = args.number("warmup_ratio");
    if (ratio !== undefined && ratio >= 1) {
      yield {
        at: args.place("warmup_ratio"),
        says: {
          en: `warmup_ratio ${ratio} leaves no step after the warm-up; a number of steps goes into warmup_steps`,
          zh: `warmup_ratio ${ratio} 使预热之后没有剩余步数；步数应写在 warmup_steps`,
        },
        fix:
          ratio > 1 && Number.isInteger(ratio) && !args.has("warmup_steps") && args.get("warmup_ratio") !== null
            ? renameSetting(args.get("warmup_ratio") as NonNullable<ReturnType<typeof args.get>>, "warmup_steps")
            : undefined,
      };
    }
  },
  bad: [
    {
      files: {
        "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all").replace(
          "warmup_steps: 20",
          "warmup_steps: 0.1",
        ),
        "requirements.txt": "transformers==4.45.2\n",
      },
    },
    {
      files: {
        "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all").replace(
          "warmup_steps: 20",
          "warmup_ratio: 100",
        ),
      },
    },
  ],
  good: [
    {
      files: {
        "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all").replace(
          "warmup_steps: 20",
          "warmup_steps: 0.1",
        ),
      },
      context: { transformers: "5.18.0" },
    },
  ],
};
