import { frameworkArguments, lifetimeOf, trainingArguments } from "../catalog/names/arguments.ts";
import { editDistance, nearest } from "../catalog/nearest.ts";
import type { Job } from "../jobs/job.ts";
import type { Setting } from "../jobs/settings.ts";
import { renameSetting } from "./edits.ts";
import { factory, sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** Older names of LLaMA-Factory's, and of what it reads beside its arguments. */
const FACTORY_OLD = [
  "quantization_bit",
  "checkpoint_dir",
  "flash_attn",
  "shift_attn",
  "lora_bf16_mode",
  "dpo_beta",
  "dpo_loss",
  "dpo_ftx",
  "num_layer_trainable",
  "name_module_trainable",
  "reserved_label_len",
  "split_special_tokens",
  "max_samples",
  "use_ray",
  "ray_run_name",
  "ray_storage_path",
  "ray_num_workers",
  "resources_per_worker",
  "placement_strategy",
  "eval_num_beams",
  "visual_inputs",
  "use_dora",
];

const factoryNames = (): readonly string[] => [
  ...trainingArguments,
  ...frameworkArguments.llamafactory,
  ...FACTORY_OLD,
];

/** The name that was meant, where an argument is nobody's: null for one that is known, or that may be the program's own. */
function meant(job: Job, setting: Setting): string | null {
  const { name } = setting;
  const { dialect, program, args } = job;
  if (args === null || lifetimeOf(name) !== null) return null;
  if (dialect === "llamafactory") {
    const known = factoryNames();
    if (known.includes(name)) return null;
    const near = nearest(name, known, 1)[0];
    return near !== undefined && editDistance(near, name) <= Math.min(3, Math.floor(name.length / 4)) ? near : null;
  }
  if (dialect !== "hf" || name.length < 6 || job.reader === "deepspeed") return null;
  // A program may define what it likes; only its own text tells.
  if (program !== null && new RegExp(`\\b${name}\\b`).test(program.source.text)) return null;
  if (Object.values(frameworkArguments).some((names) => names.includes(name))) return null;
  const near = trainingArguments.find(
    (known) =>
      known.length >= 8 &&
      Math.abs(known.length - name.length) <= 2 &&
      editDistance(known, name) <= 2 &&
      !args.has(known),
  );
  // `--save_step` and `--eval_step` are what programs of one's own call them.
  return near === undefined || near === `${name}s` || name === `${near}s` ? null : near;
}

export const pitfall: Pitfall = {
  code: "HF103",
  id: "hf-unknown-arg",
  severity: "error",
  title: { en: "An argument that nobody knows", zh: "没有任何组件认识的参数" },
  why: {
    en: "HfArgumentParser stops at arguments that it can't place; a program that doesn't stop trains without what was asked for.",
    zh: "HfArgumentParser 遇到无法识别的参数会报错退出；若程序不退出，则会在缺少该设置的情况下训练。",
  },
  fix: { en: "Write the name as it is spelled.", zh: "使用正确的名称。" },
  sources: [
    "hiyouga/LLaMA-Factory:src/llamafactory/hparams/parser.py",
    "huggingface/transformers:src/transformers/hf_argparser.py",
  ],
  logs: [
    /Some specified arguments are not used by the HfArgumentParser/i,
    /Some keys are not used by the HfArgumentParser/i,
    /__init__\(\) got an unexpected keyword argument/,
  ],
  *find(job): Iterable<Hit> {
    if (job.args === null) return;
    // A command names its arguments; a map of names is the program's business.
    for (const setting of job.args.all) {
      const near = meant(job, setting);
      if (near === null) continue;
      yield {
        at: setting.place,
        severity: job.dialect === "llamafactory" ? "error" : "warning",
        says: {
          en: `nobody knows ${setting.place.key}; ${near} is probably meant`,
          zh: `没有组件认识 ${setting.place.key}；大概是想写 ${near}`,
        },
        // A name that is there already would be said twice.
        fix: job.dialect === "llamafactory" && !job.args.has(near) ? renameSetting(setting, near) : undefined,
      };
    }
  },
  bad: [
    { files: { "train.yaml": factory("learning_rate: 1.0e-4", "finetune_type: lora") } },
    {
      files: {
        "run.sh": sh(
          "torchrun --nproc_per_node 2 train.py",
          "--model_name_or_path facebook/opt-6.7b",
          "--output_dir out",
          "--learning_rate 5e-5",
          "--warmup_steps 10",
          "--bf16",
          "--lr_schduler_type cosine",
        ),
      },
    },
  ],
  good: [
    { files: { "train.yaml": factory("learning_rate: 1.0e-4", "finetuning_type: lora") } },
    {
      files: {
        "run.sh": sh(
          "torchrun --nproc_per_node 2 train.py",
          "--model_name_or_path facebook/opt-6.7b",
          "--output_dir out",
          "--learning_rate 5e-5",
          "--warmup_steps 10",
          "--bf16",
          "--model_max_length 512",
          "--data_path x.json",
        ),
      },
    },
  ],
};
