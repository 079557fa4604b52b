import { train } from "./examples.ts";
import { removeSetting } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "LR103",
  id: "warmup-both",
  severity: "warning",
  title: { en: "warmup_steps and warmup_ratio both set", zh: "同时设置了 warmup_steps 与 warmup_ratio" },
  why: {
    en: "axolotl refuses the pair. transformers takes the steps and drops the ratio without a word.",
    zh: "axolotl 会拒绝；transformers 采用步数，默默忽略比例。",
  },
  fix: { en: "Keep the one that you mean.", zh: "只保留想要的那一个。" },
  sources: [
    "axolotl-ai-cloud/axolotl:src/axolotl/utils/schemas/validation.py",
    "huggingface/transformers:src/transformers/training_args.py",
  ],
  logs: [/warmup_steps and warmup_ratio are mutually exclusive/i, /Both warmup_ratio and warmup_steps given/i],
  *find({ args, dialect, argsFile }): Iterable<Hit> {
    const [steps, ratio] = [args?.get("warmup_steps"), args?.get("warmup_ratio")];
    if (args === null || steps == null || ratio == null) return;
    if (!((args.number("warmup_steps") ?? 0) > 0 && (args.number("warmup_ratio") ?? 0) > 0)) return;
    yield {
      at: steps.place,
      also: [ratio.place],
      severity: dialect === "axolotl" ? "error" : "warning",
      says: {
        en: `warmup_steps ${steps.text} and warmup_ratio ${ratio.text} stand side by side: ${dialect === "axolotl" ? "axolotl refuses them" : "the ratio is not used"}`,
        zh: `warmup_steps ${steps.text} 与 warmup_ratio ${ratio.text} 并存：${dialect === "axolotl" ? "axolotl 会拒绝" : "比例不起作用"}`,
      },
      // What has no effect can go; axolotl has not chosen for the person.
      fix: dialect === "axolotl" ? undefined : removeSetting(args, ratio, argsFile?.doc ?? null),
    };
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 100", "--warmup_ratio 0.03").replace(
          " \\\n  --deepspeed ds_config.json",
          "",
        ),
      },
    },
    {
      files: {
        "config.yml":
          "base_model: facebook/opt-125m\nmicro_batch_size: 2\ndatasets:\n  - path: a\nlearning_rate: 1.0e-5\nwarmup_steps: 10\nwarmup_ratio: 0.1\nbf16: auto\n",
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 0", "--warmup_ratio 0.03").replace(
          " \\\n  --deepspeed ds_config.json",
          "",
        ),
      },
    },
  ],
};
