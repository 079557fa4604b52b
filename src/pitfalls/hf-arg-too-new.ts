import { lifetimeOf } from "../catalog/names/arguments.ts";
import { sh } from "./examples.ts";
import { renameSetting } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { pins } from "./tools.ts";

const run = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 2 train.py",
    "--model_name_or_path facebook/opt-6.7b",
    "--output_dir out",
    "--learning_rate 5e-5",
    "--bf16",
    "--warmup_steps 10",
    ...flags,
  );

export const pitfall: Pitfall = {
  code: "HF106",
  id: "hf-arg-too-new",
  severity: "error",
  title: { en: "An argument that this transformers does not have yet", zh: "所用 transformers 尚不支持的参数" },
  why: {
    en: "The pinned release is older than the argument: a TypeError, or an argument that is not used.",
    zh: "锁定的版本早于该参数：会出现 TypeError，或报告参数未被使用。",
  },
  fix: {
    en: "A later transformers, or the argument's name of that time.",
    zh: "升级 transformers，或使用当时的参数名。",
  },
  sources: ["huggingface/transformers:src/transformers/training_args.py"],
  logs: [/unexpected keyword argument '?eval_strategy/i],
  *find(job): Iterable<Hit> {
    const { args, dialect } = job;
    if (args === null || (dialect !== "hf" && dialect !== "flagembedding")) return;
    const transformers = job.version("transformers");
    for (const setting of args.all) {
      const since = lifetimeOf(setting.name)?.since ?? null;
      if (since === null || !transformers.below(since)) continue;
      yield {
        at: setting.place,
        also: pins(job, "transformers"),
        says: {
          en: `${setting.name} came with transformers ${since}; this is ${transformers.text}`,
          zh: `${setting.name} 自 transformers ${since} 起提供；当前为 ${transformers.text}`,
        },
        fix:
          setting.name === "eval_strategy" && args.exactly("evaluation_strategy") === null
            ? renameSetting(setting, "evaluation_strategy")
            : undefined,
      };
    }
  },
  bad: [{ files: { "run.sh": run("--eval_strategy no"), "requirements.txt": "transformers==4.36.2\n" } }],
  good: [{ files: { "run.sh": run("--eval_strategy no"), "requirements.txt": "transformers==4.44.2\n" } }],
};
