import { usesDeepSpeed } from "../jobs/facts.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "CK103",
  id: "save-only-model-resume",
  severity: "warning",
  title: {
    en: "save_only_model where more than the weights is needed",
    zh: "需要的不只是权重，却设置了 save_only_model",
  },
  why: {
    en: "Only weights are written: a resumed run begins with an empty optimizer and a new schedule. Under DeepSpeed transformers refuses it together with load_best_model_at_end.",
    zh: "只写出权重：恢复的训练从空的优化器与新的调度开始。在 DeepSpeed 下，transformers 会拒绝它与 load_best_model_at_end 同用。",
  },
  fix: { en: "Leave save_only_model off.", zh: "不要设置 save_only_model。" },
  versions: { en: "transformers 4.38 and later", zh: "transformers 4.38 及以上" },
  sources: ["huggingface/transformers:src/transformers/trainer.py"],
  logs: [/DeepSpeed can't be used with `?save_only_model`? along with `?load_best_model_at_end/i],
  *find(job): Iterable<Hit> {
    const { args } = job;
    if (args === null || !args.on("save_only_model")) return;
    const best = args.on("load_best_model_at_end") && usesDeepSpeed(job);
    const resume = args.get("resume_from_checkpoint");
    if (!best && (resume === null || resume.value === false || resume.value === null)) return;
    yield {
      at: args.place("save_only_model"),
      also: [best ? args.place("load_best_model_at_end") : args.place("resume_from_checkpoint")],
      severity: best ? "error" : "warning",
      says: best
        ? {
            en: "save_only_model with load_best_model_at_end: transformers refuses it under DeepSpeed",
            zh: "save_only_model 与 load_best_model_at_end 同用：在 DeepSpeed 下 transformers 会拒绝",
          }
        : {
            en: "save_only_model with resume_from_checkpoint: optimizer and schedule begin anew",
            zh: "save_only_model 与 resume_from_checkpoint 同用：优化器与调度会重新开始",
          },
    };
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10", "--save_only_model True", "--resume_from_checkpoint True"),
        "ds_config.json": ds(),
      },
    },
  ],
  good: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10", "--save_only_model True"), "ds_config.json": ds() } },
  ],
};
