import { ds, sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { visibleDevices } from "./tools.ts";

const NAME = "NPROC_PER_NODE";

export const pitfall: Pitfall = {
  code: "LA101",
  id: "swift-nproc-mismatch",
  severity: "error",
  title: {
    en: "ms-swift with DeepSpeed and fewer processes than visible GPUs",
    zh: "ms-swift 搭配 DeepSpeed，而进程数少于可见 GPU",
  },
  why: {
    en: "GPUs that are left over switch on device_map, which spreads one model over them; DeepSpeed can't be combined with that, and swift stops.",
    zh: "多余的 GPU 会触发 device_map，把一个模型分布到这些 GPU 上；DeepSpeed 与之不兼容，swift 会报错退出。",
  },
  fix: {
    en: "NPROC_PER_NODE=<number of visible GPUs> in front of the command.",
    zh: "在命令前写 NPROC_PER_NODE=<可见 GPU 数>。",
  },
  sources: ["modelscope/ms-swift#479", "modelscope/ms-swift#1715", "modelscope/ms-swift#3681"],
  logs: [/DeepSpeed is not compatible with .*device_map/i, /n_gpu: \d+, ?local_world_size: \d+/i],
  *find(job): Iterable<Hit> {
    const { launch, args, dialect } = job;
    if (launch === null || dialect !== "swift" || args === null || !args.has("deepspeed")) return;
    const visible = visibleDevices(job);
    const misplaced = launch.positionals.find(({ text }) => text.startsWith(`${NAME}=`));
    if (misplaced !== undefined) {
      yield {
        at: { source: launch.source, key: NAME, range: misplaced.range },
        says: {
          en: `${NAME} stands behind the command, where it is an argument and no variable`,
          zh: `${NAME} 写在命令之后，成了参数而不是环境变量`,
        },
      };
      return;
    }
    const own = launch.launcher === "torchrun" ? launch.own.exactly("nproc_per_node") : null;
    const variable = launch.env(NAME);
    const count =
      own !== null ? own.value : variable === null ? 1 : variable.value === null ? undefined : Number(variable.value);
    if (visible === null || typeof count !== "number" || count >= visible.ids.length) return;
    if (launch.launcher === "python" || launch.launcher === "deepspeed" || launch.launcher === "accelerate") return;
    const at =
      own !== null
        ? own.place
        : variable !== null
          ? { source: launch.source, key: NAME, range: variable.range }
          : { source: launch.source, key: NAME, range: launch.place.range };
    yield {
      at,
      also: [visible.place],
      says: {
        en: `${visible.ids.length} GPUs are visible, but ${count === 1 ? "one process is" : `${count} processes are`} started: DeepSpeed refuses`,
        zh: `有 ${visible.ids.length} 个 GPU 可见，却只启动 ${count} 个进程：DeepSpeed 会拒绝`,
      },
    };
  },
  bad: [
    {
      files: {
        "run.sh": `#!/bin/bash\nexport CUDA_VISIBLE_DEVICES=0,1,2,3\n${sh("swift sft", "--model Qwen/Qwen2.5-7B", "--dataset a.jsonl", "--deepspeed zero2").slice(12)}`,
      },
    },
    {
      files: {
        "run.sh": sh(
          "CUDA_VISIBLE_DEVICES=0,1 swift sft NPROC_PER_NODE=2",
          "--model Qwen/Qwen2.5-7B",
          "--dataset a.jsonl",
          "--deepspeed zero2",
        ),
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": sh(
          "NPROC_PER_NODE=2 CUDA_VISIBLE_DEVICES=0,1 swift sft",
          "--model Qwen/Qwen2.5-7B",
          "--dataset a.jsonl",
          "--deepspeed zero2",
        ),
      },
    },
    {
      files: {
        "run.sh": sh("CUDA_VISIBLE_DEVICES=0 swift sft", "--model Qwen/Qwen2.5-7B", "--deepspeed ds.json"),
        "ds.json": ds(),
      },
    },
  ],
};
