import { usesDeepSpeed } from "../jobs/facts.ts";
import { entryOf } from "../readers/tree.ts";
import { replaceSetting } from "./edits.ts";
import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 4 train.py",
    "--model_name_or_path facebook/opt-6.7b",
    "--output_dir out",
    "--learning_rate 5e-5",
    "--warmup_steps 10",
    "--bf16",
    ...flags,
  );

export const pitfall: Pitfall = {
  code: "GC102",
  id: "gc-ddp-unused-params",
  severity: "error",
  title: {
    en: "Gradient checkpointing with ddp_find_unused_parameters",
    zh: "梯度检查点与 ddp_find_unused_parameters 同时启用",
  },
  why: {
    en: "Re-entrant recomputation fires DistributedDataParallel's hooks a second time for parameters that the search has counted already.",
    zh: "可重入的重计算会让 DistributedDataParallel 的钩子对已计数的参数再次触发。",
  },
  fix: {
    en: "ddp_find_unused_parameters False, and gradient_checkpointing_kwargs with use_reentrant false.",
    zh: "设 ddp_find_unused_parameters 为 False，并在 gradient_checkpointing_kwargs 中设 use_reentrant 为 false。",
  },
  sources: ["huggingface/transformers#4659", "huggingface/peft#313"],
  logs: [/Expected to mark a variable ready only once/i],
  *find(job): Iterable<Hit> {
    const { args } = job;
    if (
      args === null ||
      usesDeepSpeed(job) ||
      !args.on("gradient_checkpointing") ||
      !args.on("ddp_find_unused_parameters")
    )
      return;
    const setting = args.get("ddp_find_unused_parameters");
    const kwargs = args.get("gradient_checkpointing_kwargs");
    if (
      setting === null ||
      /use_reentrant['"]?\s*[:=]\s*false/i.test(kwargs?.text ?? "") ||
      entryOf(kwargs?.node, "use_reentrant") !== null
    )
      return;
    if (args.value("use_reentrant") === false || job.version("transformers").atLeast("5.0")) return;
    yield {
      at: setting.place,
      severity: job.dialect === "hf" || job.dialect === "flagembedding" ? "error" : "warning",
      says: {
        en: "with gradient checkpointing this stops the first backward pass: a variable is marked ready twice",
        zh: "与梯度检查点同时使用会中断第一次反向传播：变量被标记两次",
      },
      fix: replaceSetting(setting, args.form === "yaml" || args.form === "json" ? "false" : "False"),
    };
  },
  bad: [{ files: { "run.sh": run("--gradient_checkpointing True", "--ddp_find_unused_parameters True") } }],
  good: [{ files: { "run.sh": run("--gradient_checkpointing True", "--ddp_find_unused_parameters False") } }],
};
