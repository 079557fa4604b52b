import { renameSetting } from "./edits.ts";
import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = (flag: string): string =>
  sh(
    "torchrun --nproc_per_node 2 train.py",
    "--model_name_or_path facebook/opt-6.7b",
    "--output_dir out",
    "--learning_rate 5e-5",
    "--warmup_steps 10",
    "--bf16",
    flag,
  );

export const pitfall: Pitfall = {
  code: "HF102",
  id: "hf-eval-strategy-renamed",
  severity: "warning",
  title: { en: "evaluation_strategy is called eval_strategy", zh: "evaluation_strategy 已更名为 eval_strategy" },
  why: {
    en: "transformers 4.41 renamed the argument, and 4.51 no longer takes the old name: a TypeError, or an argument that is not used.",
    zh: "transformers 4.41 更改了参数名，4.51 起不再接受旧名：会出现 TypeError，或报告参数未被使用。",
  },
  fix: {
    en: "eval_strategy, with transformers 4.41 or later.",
    zh: "改用 eval_strategy（transformers 4.41 及以上）。",
  },
  versions: { en: "deprecated from transformers 4.41, gone from 4.51", zh: "transformers 4.41 起弃用，4.51 起移除" },
  sources: ["huggingface/course#987", "huggingface/sentence-transformers#2673", "ghmagazine/llm-book#56"],
  logs: [
    /unexpected keyword argument '?evaluation_strategy/i,
    /`?evaluation_strategy`? is deprecated/i,
    /not used by the HfArgumentParser: \['--evaluation_strategy/i,
  ],
  *find(job): Iterable<Hit> {
    const setting = job.args?.exactly("evaluation_strategy") ?? null;
    const transformers = job.version("transformers");
    if (setting === null || job.dialect === "axolotl" || job.dialect === "xtuner" || transformers.below("4.41")) return;
    // FlagEmbedding before 1.3 was made for an older transformers.
    const gone = transformers.atLeast("4.51");
    yield {
      at: setting.place,
      severity: gone ? "error" : "warning",
      says: gone
        ? {
            en: `transformers ${transformers.text} no longer takes evaluation_strategy: write eval_strategy`,
            zh: `transformers ${transformers.text} 不再接受 evaluation_strategy：请写 eval_strategy`,
          }
        : {
            en: "evaluation_strategy stops transformers 4.51 and later: it is called eval_strategy from 4.41",
            zh: "transformers 4.51 起不再接受 evaluation_strategy：4.41 起改名为 eval_strategy",
          },
      fix:
        transformers.atLeast("4.41") && job.args?.exactly("eval_strategy") === null
          ? renameSetting(setting, "eval_strategy")
          : undefined,
    };
  },
  bad: [
    { files: { "run.sh": run("--evaluation_strategy no"), "requirements.txt": "transformers==4.57.6\n" } },
    { files: { "run.sh": run("--evaluation_strategy no") } },
  ],
  good: [
    { files: { "run.sh": run("--eval_strategy no") } },
    { files: { "run.sh": run("--evaluation_strategy no"), "requirements.txt": "transformers==4.36.2\n" } },
  ],
};
