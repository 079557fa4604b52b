import { worldSize } from "../jobs/facts.ts";
import { ds, sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const literal = {
  train_batch_size: 64,
  train_micro_batch_size_per_gpu: 4,
  gradient_accumulation_steps: 4,
  gradient_clipping: 1,
};

export const pitfall: Pitfall = {
  code: "BA101",
  id: "batch-size-mismatch",
  severity: "error",
  title: {
    en: "train_batch_size is not micro batch × accumulation × processes",
    zh: "train_batch_size 不等于 微批 × 累积 × 进程数",
  },
  why: {
    en: "DeepSpeed asserts the product when it starts. A product with 1 at its end usually means that the launcher started one process where several were meant.",
    zh: "DeepSpeed 在启动时会断言这个乘积。乘积末尾为 1 通常说明启动器只启动了一个进程，而不是预期的多个。",
  },
  fix: {
    en: "Leave train_batch_size out, so that DeepSpeed computes it, or write the product.",
    zh: "去掉 train_batch_size，由 DeepSpeed 计算；或者写成正确的乘积。",
  },
  sources: [
    "deepspeedai/DeepSpeed#6914",
    "bigcode-project/starcoder#77",
    "deepspeedai/DeepSpeed:deepspeed/runtime/config.py",
  ],
  logs: [
    /Check batch related parameters\. ?train_batch_size is not equal/i,
    /AssertionError: \d+ != \d+ \* \d+ \* \d+/,
    /!= \d+ \* \d+ \* \d+/,
  ],
  *find(job): Iterable<Hit> {
    if (job.ds === null || job.reader === "mmengine") return;
    const { doc } = job.ds;
    const total = doc.number("train_batch_size");
    const micro = doc.number("train_micro_batch_size_per_gpu");
    const world = worldSize(job);
    if (total === undefined || micro === undefined || world === null || world.value < 1) return;
    const given = doc.value("gradient_accumulation_steps");
    // Left out, the accumulation follows from the other two, if it comes out even.
    const accumulation =
      typeof given === "number"
        ? given
        : given === undefined
          ? Math.max(1, Math.trunc(total / (micro * world.value)))
          : null;
    if (accumulation === null || total === micro * accumulation * world.value) return;
    const equation = `${total} ≠ ${micro} × ${accumulation} × ${world.value}`;
    yield {
      at: doc.place("train_batch_size"),
      says: {
        en: `${equation} (micro batch × accumulation × processes): DeepSpeed stops with "Check batch related parameters"`,
        zh: `${equation}（微批 × 累积 × 进程数）：DeepSpeed 会以 "Check batch related parameters" 报错退出`,
      },
    };
  },
  bad: [
    {
      files: {
        "ds_config.json": ds(literal),
        hostfile: "worker-1 slots=4\nworker-2 slots=4\n",
        "run.sh": sh("deepspeed --hostfile hostfile train.py", "--deepspeed_config ds_config.json"),
      },
    },
    {
      files: {
        "ds_config.json": ds(literal),
        "train.py": 'import deepspeed\n\nengine, *_ = deepspeed.initialize(model=model, config="ds_config.json")\n',
        "run.sh": sh("deepspeed --num_gpus 2 train.py", "--deepspeed"),
      },
    },
    {
      files: {
        "ds_config.json": ds(literal),
        "run.sh": sh("deepspeed --num_gpus 2 train.py", "--deepspeed_config ds_config.json").replace("#", "#"),
      },
    },
  ],
  good: [
    {
      files: {
        "ds_config.json": ds({ ...literal, bf16: { enabled: true } }),
        "run.sh": sh("deepspeed --num_gpus 4 train.py", "--deepspeed_config ds_config.json"),
      },
    },
    {
      files: {
        "ds_config.json": ds({ ...literal, bf16: { enabled: true } }),
        "run.sh": sh("deepspeed train.py", "--deepspeed_config ds_config.json"),
      },
    },
  ],
};
