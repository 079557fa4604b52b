import { ds, sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { visibleDevices } from "./tools.ts";

const run = (launch: string): string =>
  sh(
    launch,
    "--model_name_or_path gpt2",
    "--output_dir out",
    "--per_device_train_batch_size 4",
    "--learning_rate 5e-5",
    "--warmup_steps 10",
    "--bf16",
    "--deepspeed ds_config.json",
  );

export const pitfall: Pitfall = {
  code: "LA102",
  id: "launcher-cvd-conflict",
  severity: "error",
  title: {
    en: "CUDA_VISIBLE_DEVICES together with the deepspeed launcher's filters",
    zh: "CUDA_VISIBLE_DEVICES 与 deepspeed 启动器的筛选参数同时使用",
  },
  why: {
    en: "With --num_gpus, --include or --exclude the deepspeed launcher ignores CUDA_VISIBLE_DEVICES and counts the machine's own cards from 0. The run lands on other GPUs than those that were named, or asks for slots that are not there.",
    zh: "使用 --num_gpus、--include 或 --exclude 时，deepspeed 启动器会忽略 CUDA_VISIBLE_DEVICES，从 0 起按机器上的物理卡编号。训练会跑到别的 GPU 上，或请求不存在的 slot。",
  },
  fix: {
    en: "--include localhost:2,4 and no variable; under Slurm torchrun, which keeps to the variable.",
    zh: "使用 --include localhost:2,4 且不设该变量；在 Slurm 下使用 torchrun，它遵循该变量。",
  },
  sources: [
    "huggingface/accelerate#663",
    "deepspeedai/DeepSpeed#662",
    "deepspeedai/DeepSpeed#1331",
    "deepspeedai/DeepSpeed:deepspeed/launcher/runner.py",
  ],
  logs: [
    /Detected CUDA_VISIBLE_DEVICES=\S+ but ignoring it/i,
    /ignoring (?:it )?because one or several of --include/i,
    /No slot '?\d+'? specified on host/i,
  ],
  *find(job): Iterable<Hit> {
    const { launch } = job;
    if (launch === null || launch.launcher !== "deepspeed") return;
    const filter = ["num_gpus", "include", "exclude"]
      .map((name) => launch.own.exactly(name))
      .find((each) => each !== null);
    const visible = visibleDevices(job);
    if (filter == null || visible === null) return;
    const ids = visible.ids.join(",");
    const named =
      filter.name === "include"
        ? /:([\d,]+)$/.exec(filter.text)?.[1]
        : filter.name === "num_gpus" && typeof filter.value === "number"
          ? Array.from({ length: filter.value }, (_, index) => index).join(",")
          : undefined;
    const alike = named === ids;
    // The first cards of the machine either way.
    if (alike && ids === visible.ids.map((_, index) => index).join(",")) return;
    yield {
      at: visible.place,
      also: [filter.place],
      severity: alike ? "info" : "error",
      says: alike
        ? {
            en: `CUDA_VISIBLE_DEVICES=${ids} is ignored beside ${filter.place.key}; where a scheduler hides the other cards, slots ${ids} don't exist`,
            zh: `有了 ${filter.place.key}，CUDA_VISIBLE_DEVICES=${ids} 被忽略；若调度系统隐藏了其他卡，则 slot ${ids} 并不存在`,
          }
        : {
            en: `CUDA_VISIBLE_DEVICES=${ids} is ignored because of ${filter.place.key} ${filter.text}: the launcher takes GPUs ${named ?? filter.text} of the machine`,
            zh: `由于 ${filter.place.key} ${filter.text}，CUDA_VISIBLE_DEVICES=${ids} 被忽略：启动器使用机器上的 GPU ${named ?? filter.text}`,
          },
    };
  },
  bad: [
    { files: { "run.sh": run("CUDA_VISIBLE_DEVICES=2,4 deepspeed --num_gpus 2 train.py"), "ds_config.json": ds() } },
    {
      files: {
        "run.sh": run("CUDA_VISIBLE_DEVICES=4,5 deepspeed --include localhost:4,5 train.py"),
        "ds_config.json": ds(),
      },
    },
  ],
  good: [
    { files: { "run.sh": run("CUDA_VISIBLE_DEVICES=0,1 deepspeed --num_gpus 2 train.py"), "ds_config.json": ds() } },
    { files: { "run.sh": run("deepspeed --include localhost:2,4 train.py"), "ds_config.json": ds() } },
  ],
};
