import { lifetimeOf } from "../catalog/names/arguments.ts";
import { removeSetting, renameSetting } from "./edits.ts";
import { sh } from "./examples.ts";
import type { Edit, Hit, Pitfall } from "./pitfall.ts";
import type { Job } from "../jobs/job.ts";
import type { Setting } from "../jobs/settings.ts";

/** What took the place of an argument; an empty text where nothing has to. */
const REPLACED: Readonly<Record<string, string>> = {
  warmup_ratio: "warmup_steps",
  no_cuda: "use_cpu",
  per_gpu_train_batch_size: "per_device_train_batch_size",
  per_gpu_eval_batch_size: "per_device_eval_batch_size",
  push_to_hub_token: "hub_token",
  push_to_hub_model_id: "hub_model_id",
  overwrite_output_dir: "",
  save_safetensors: "",
  logging_dir: "",
  half_precision_backend: "",
  fp16_backend: "",
  fp16_opt_level: "",
  use_mps_device: "",
  include_tokens_per_second: "",
  past_index: "",
  jit_mode_eval: "",
  ray_scope: "",
};

/** Arguments with a pitfall of their own. */
const OTHERS = new Set(["evaluation_strategy"]);

function mended(job: Job, setting: Setting): readonly Edit[] | undefined {
  const { args } = job;
  const now = Object.hasOwn(REPLACED, setting.name) ? REPLACED[setting.name] : undefined;
  if (args === null || now === undefined) return undefined;
  if (now === "") return removeSetting(args, setting, job.argsFile?.doc ?? null);
  if (args.exactly(now) !== null)
    return setting.name === "warmup_ratio" && (args.number("warmup_steps") ?? 0) > 0
      ? removeSetting(args, setting, job.argsFile?.doc ?? null)
      : undefined;
  return renameSetting(setting, now);
}

const run = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 2 train.py",
    "--model_name_or_path facebook/opt-6.7b",
    "--output_dir out",
    "--learning_rate 5e-5",
    "--bf16",
    ...flags,
  );

export const pitfall: Pitfall = {
  code: "HF105",
  id: "hf-arg-removed-v5",
  severity: "info",
  title: { en: "An argument that transformers has dropped", zh: "transformers 已移除的参数" },
  why: {
    en: "transformers 5 removed some thirty arguments: a TypeError, or an argument that is not used, without a hint of what took its place. warmup_ratio became warmup_steps, which takes a share below 1.",
    zh: "transformers 5 移除了约三十个参数：会出现 TypeError 或“参数未被使用”，且不提示替代者。warmup_ratio 并入 warmup_steps，后者可写小于 1 的比例。",
  },
  fix: {
    en: "The name that took its place; check --transformers 5.18 --fix rewrites them.",
    zh: "使用替代的名称；check --transformers 5.18 --fix 会改写。",
  },
  versions: { en: "an error from transformers 5", zh: "transformers 5 起报错" },
  sources: ["vllm-project/semantic-router#3925", "huggingface/transformers:MIGRATION_GUIDE_V5.md"],
  logs: [
    /unexpected keyword argument '?(?:warmup_ratio|overwrite_output_dir|logging_dir|no_cuda|save_safetensors|group_by_length|per_gpu_\w+|fp16_backend|half_precision_backend)/i,
    /not used by the HfArgumentParser: \[[^\]]*--(?:overwrite_output_dir|warmup_ratio|logging_dir)/i,
  ],
  *find(job): Iterable<Hit> {
    const { args, dialect } = job;
    // axolotl and ms-swift have arguments of these names of their own, and translate them.
    if (args === null || dialect === "axolotl" || dialect === "swift" || dialect === "xtuner") return;
    const transformers = job.version("transformers");
    for (const setting of args.all) {
      const { name } = setting;
      const until = lifetimeOf(name)?.until ?? null;
      if (until === null || OTHERS.has(name) || transformers.below(until)) continue;
      if (dialect === "llamafactory" && name === "overwrite_output_dir") continue;
      const gone = transformers.atLeast(until);
      const now = Object.hasOwn(REPLACED, name) ? REPLACED[name] : undefined;
      yield {
        at: setting.place,
        severity: gone ? "error" : "info",
        says: {
          en: `transformers ${gone ? transformers.text : until} ${gone ? "has no" : "and later have no"} ${name}${now === undefined || now === "" ? "" : `: it is ${now} by now`}`,
          zh: `transformers ${gone ? transformers.text : `${until} 及以上`}没有 ${name}${now === undefined || now === "" ? "" : `：现为 ${now}`}`,
        },
        fix: gone ? mended(job, setting) : undefined,
      };
    }
  },
  bad: [
    { files: { "run.sh": run("--warmup_ratio 0.03", "--overwrite_output_dir") }, context: { transformers: "5.18.0" } },
    { files: { "run.sh": run("--warmup_ratio 0.03", "--logging_dir logs") } },
  ],
  good: [
    { files: { "run.sh": run("--warmup_steps 0.03") }, context: { transformers: "5.18.0" } },
    { files: { "run.sh": run("--warmup_ratio 0.03"), "requirements.txt": "transformers==4.44.2\n" } },
  ],
};
