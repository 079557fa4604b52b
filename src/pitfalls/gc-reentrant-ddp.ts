import { processesPerNode, usesAdapters, usesDeepSpeed } from "../jobs/facts.ts";
import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 4 train.py",
    "--model_name_or_path facebook/opt-6.7b",
    "--output_dir out",
    "--learning_rate 1e-4",
    "--warmup_steps 10",
    "--bf16",
    "--use_peft True",
    "--gradient_checkpointing True",
    ...flags,
  );

export const pitfall: Pitfall = {
  code: "GC103",
  id: "gc-reentrant-ddp",
  severity: "warning",
  title: { en: "Re-entrant checkpointing of adapters on several GPUs", zh: "多 GPU 上对适配器使用可重入检查点" },
  why: {
    en: "With frozen weights under DistributedDataParallel re-entrant checkpointing marks a parameter ready twice. It was the default until transformers 5.",
    zh: "在 DistributedDataParallel 下，冻结权重时可重入检查点会把参数标记两次。它在 transformers 5 之前是默认方式。",
  },
  fix: {
    en: "--gradient_checkpointing_kwargs '{\"use_reentrant\": false}'.",
    zh: "加上 --gradient_checkpointing_kwargs '{\"use_reentrant\": false}'。",
  },
  versions: { en: "transformers before 5", zh: "transformers 5 之前" },
  sources: ["huggingface/peft#313", "huggingface/accelerate#3536"],
  *find(job): Iterable<Hit> {
    const { args, dialect } = job;
    if (
      args === null ||
      dialect !== "hf" ||
      usesDeepSpeed(job) ||
      !args.on("gradient_checkpointing") ||
      usesAdapters(job) !== true
    )
      return;
    if (
      args.has("gradient_checkpointing_kwargs") ||
      args.has("use_reentrant") ||
      job.version("transformers").atLeast("5.0")
    )
      return;
    const processes = processesPerNode(job);
    if (processes === null || processes.value <= 1 || job.launch?.launcher === "deepspeed") return;
    yield {
      at: args.place("gradient_checkpointing"),
      severity: job.version("transformers").known ? "warning" : "info",
      says: {
        en: `adapters on ${processes.value} processes with re-entrant checkpointing: "mark a variable ready only once"`,
        zh: `${processes.value} 个进程训练适配器并使用可重入检查点：会报 "mark a variable ready only once"`,
      },
    };
  },
  bad: [{ files: { "run.sh": run(), "requirements.txt": "transformers==4.44.2\n" } }],
  good: [
    {
      files: {
        "run.sh": run("--gradient_checkpointing_kwargs '{\"use_reentrant\": false}'"),
        "requirements.txt": "transformers==4.44.2\n",
      },
    },
  ],
};
