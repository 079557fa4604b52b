import { nodesOf, processesPerNode } from "../jobs/facts.ts";
import { embed } from "./examples.ts";
import { removeSetting } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "EM109",
  id: "flagembedding-cross-device-single-gpu",
  severity: "info",
  title: { en: "negatives_cross_device on one process", zh: "单进程使用 negatives_cross_device" },
  why: {
    en: "There is nothing to gather from. Started with plain python it stops, for want of a process group.",
    zh: "没有其他进程可供收集。若直接用 python 启动，会因缺少进程组而报错。",
  },
  fix: { en: "More GPUs, or without the flag.", zh: "使用更多 GPU，或去掉该参数。" },
  sources: ["FlagOpen/FlagEmbedding#593"],
  logs: [/Distributed training has not been initialized for representation all gather/i],
  *find(job): Iterable<Hit> {
    const { args, dialect, launch } = job;
    if (args === null || launch === null || dialect !== "flagembedding" || !args.on("negatives_cross_device")) return;
    if (processesPerNode(job)?.value !== 1 || nodesOf(job)?.value !== 1) return;
    const plain = launch.launcher === "python";
    const setting = args.get("negatives_cross_device");
    yield {
      at: args.place("negatives_cross_device"),
      severity: plain ? "error" : "info",
      says: plain
        ? {
            en: "without torchrun there is no process group: the run stops",
            zh: "不用 torchrun 启动就没有进程组：训练会报错退出",
          }
        : { en: "one process has no other one to gather negatives from", zh: "只有一个进程，没有其他进程可收集负例" },
      fix: plain || setting === null ? undefined : removeSetting(args, setting, null),
    };
  },
  bad: [
    {
      files: {
        "run.sh": embed("--per_device_train_batch_size 16", "--negatives_cross_device").replace(
          "nproc_per_node 2",
          "nproc_per_node 1",
        ),
      },
    },
  ],
  good: [{ files: { "run.sh": embed("--per_device_train_batch_size 16", "--negatives_cross_device") } }],
};
