import { removeSetting } from "./edits.ts";
import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 2 train.py",
    "--output_dir out",
    "--learning_rate 2e-5",
    "--warmup_steps 10",
    "--bf16 True",
    ...flags,
  );

export const pitfall: Pitfall = {
  code: "HF109",
  id: "prefetch-without-workers",
  severity: "error",
  title: { en: "dataloader_prefetch_factor without workers", zh: "没有加载进程却设置了 dataloader_prefetch_factor" },
  why: {
    en: "Only worker processes can fetch ahead; dataloader_num_workers is 0 unless it is given, and TrainingArguments refuses the pair.",
    zh: "只有加载进程才能预取；dataloader_num_workers 默认为 0，TrainingArguments 会拒绝这一组合。",
  },
  fix: {
    en: "dataloader_num_workers of 1 or more, or no prefetch factor.",
    zh: "将 dataloader_num_workers 设为 1 或更大，或不设预取。",
  },
  sources: ["huggingface/transformers:src/transformers/training_args.py"],
  logs: [/--dataloader_prefetch_factor can only be set when data is loaded in a different process/i],
  *find({ args, argsFile, dialect }): Iterable<Hit> {
    const setting = args?.get("dataloader_prefetch_factor");
    if (
      args === null ||
      setting == null ||
      typeof setting.value !== "number" ||
      dialect === "axolotl" ||
      dialect === "swift"
    )
      return;
    const workers = args.get("dataloader_num_workers");
    if (workers !== null && workers.value !== 0) return;
    yield {
      at: setting.place,
      also: workers === null ? [] : [workers.place],
      says: {
        en: "dataloader_prefetch_factor needs dataloader_num_workers of 1 or more",
        zh: "dataloader_prefetch_factor 需要 dataloader_num_workers 大于等于 1",
      },
      fix: removeSetting(args, setting, argsFile?.doc ?? null),
    };
  },
  bad: [{ files: { "run.sh": run("--dataloader_prefetch_factor 4") } }],
  good: [{ files: { "run.sh": run("--dataloader_prefetch_factor 4", "--dataloader_num_workers 2") } }],
};
