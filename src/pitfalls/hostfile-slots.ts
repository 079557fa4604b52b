import { baseOf } from "../jobs/paths.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = (flags: string): string =>
  train("--bf16", "--warmup_steps 10").replace("torchrun --nproc_per_node 8", `deepspeed ${flags}`);
const hosts = "worker-1 slots=4\nworker-2 slots=4\n";

export const pitfall: Pitfall = {
  code: "LA112",
  id: "hostfile-slots",
  severity: "error",
  title: { en: "More GPUs or nodes than the hostfile has", zh: "要求的 GPU 或节点多于 hostfile" },
  why: {
    en: "--num_gpus replaces the slots of every host: more than there are start processes without a GPU. --num_nodes only cuts the list: more than there are change nothing.",
    zh: "--num_gpus 会取代每台主机的 slots：多于实际数量时会启动没有 GPU 的进程。--num_nodes 只会截短列表：多于实际数量时不起作用。",
  },
  fix: { en: "Leave the flags out: the hostfile says both.", zh: "去掉这些参数：hostfile 已经写明两者。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/launcher/runner.py"],
  *find({ launch, hosts: file }): Iterable<Hit> {
    if (launch?.launcher !== "deepspeed" || file === null) return;
    const { own } = launch;
    // DeepSpeed reads a hostfile that is named, or /job/hostfile.
    if (baseOf(own.text("hostfile") ?? "") !== baseOf(file.source.path)) return;
    const at = { source: file.source, key: "slots", range: { from: 0, to: Math.min(1, file.source.text.length) } };
    const least = Math.min(...file.slots);
    const [gpus, nodes] = [own.number("num_gpus"), own.number("num_nodes")];
    if (gpus !== undefined && gpus > least) {
      yield {
        at: own.place("num_gpus"),
        also: [at],
        says: {
          en: `--num_gpus ${gpus}, and a host has ${least} slots`,
          zh: `--num_gpus 为 ${gpus}，而某台主机只有 ${least} 个 slot`,
        },
      };
    }
    if (nodes !== undefined && nodes > file.slots.length) {
      yield {
        at: own.place("num_nodes"),
        also: [at],
        severity: "warning",
        says: {
          en: `--num_nodes ${nodes}, and the hostfile has ${file.slots.length}: that many run`,
          zh: `--num_nodes 为 ${nodes}，而 hostfile 只有 ${file.slots.length} 个：实际运行后者`,
        },
      };
    }
  },
  bad: [
    { files: { "run.sh": run("--hostfile hostfile --num_gpus 8"), hostfile: hosts, "ds_config.json": ds() } },
    { files: { "run.sh": run("--hostfile hostfile --num_nodes 4"), hostfile: hosts, "ds_config.json": ds() } },
  ],
  good: [
    {
      files: {
        "run.sh": run("--hostfile hostfile --num_gpus 4 --num_nodes 2"),
        hostfile: hosts,
        "ds_config.json": ds(),
      },
    },
  ],
};
