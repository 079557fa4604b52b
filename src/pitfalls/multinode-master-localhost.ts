import { nodesOf } from "../jobs/facts.ts";
import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = (launch: string): string =>
  sh(
    launch,
    "--model_name_or_path facebook/opt-6.7b",
    "--output_dir out",
    "--learning_rate 1e-5",
    "--warmup_steps 10",
    "--bf16",
  );

/** Loopback names: nobody else can be met there. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0)(?::\d+)?$/;

export const pitfall: Pitfall = {
  code: "LA104",
  id: "multinode-master-localhost",
  severity: "error",
  title: { en: "Several nodes that meet at localhost", zh: "多节点训练却把 localhost 作为主节点" },
  why: {
    en: "Every node waits for the others at its own address: the run hangs, or each node trains by itself.",
    zh: "每个节点都在自己的地址上等待其他节点：训练挂起，或各节点各自训练。",
  },
  fix: { en: "The address of node 0, the same on all nodes.", zh: "填写 0 号节点的地址，所有节点一致。" },
  sources: ["huggingface/transformers#33523"],
  logs: [/The client socket has timed out after \d+s? while trying to connect to \((?:127\.0\.0\.1|localhost)/i],
  *find(job): Iterable<Hit> {
    const { launch, accelerate } = job;
    const nodes = nodesOf(job);
    if (launch === null || nodes === null || nodes.value <= 1) return;
    // At home on node 0, where the others come to: the rank is written for that node alone.
    const first = launch.own.number("node_rank") === 0 || launch.own.number("machine_rank") === 0;
    const at = ["master_addr", "rdzv_endpoint", "main_process_ip"]
      .map((name) => launch.own.exactly(name))
      .find((each) => each !== null);
    const says = {
      en: `${nodes.value} nodes would each wait at their own localhost`,
      zh: `${nodes.value} 个节点会各自在自己的 localhost 上等待`,
    };
    if (at != null) {
      if (!first && typeof at.value === "string" && LOOPBACK.test(at.value))
        yield { at: at.place, also: [nodes.place], says };
      return;
    }
    const ip = accelerate?.doc.text("main_process_ip");
    if (accelerate != null && ip !== undefined) {
      if (LOOPBACK.test(ip)) yield { at: accelerate.doc.place("main_process_ip"), also: [nodes.place], says };
      return;
    }
    // deepspeed takes the address from its hostfile, Slurm and others from a variable.
    if (launch.launcher !== "torchrun" || launch.own.exactly("rdzv_backend") !== null) return;
    const variable = launch.env("MASTER_ADDR");
    if ((variable !== null && variable.value !== null && LOOPBACK.test(variable.value)) || variable === null) {
      yield {
        at: { source: launch.source, key: "--master_addr", range: launch.place.range },
        also: [nodes.place],
        says: {
          en: `${nodes.value} nodes, and no --master_addr: torchrun takes 127.0.0.1`,
          zh: `${nodes.value} 个节点而没有 --master_addr：torchrun 会使用 127.0.0.1`,
        },
      };
    }
  },
  bad: [
    {
      files: {
        "run.sh": run("torchrun --nnodes 2 --node_rank $RANK --nproc_per_node 8 --master_addr localhost train.py"),
      },
    },
    { files: { "run.sh": run("torchrun --nnodes 2 --node_rank $RANK --nproc_per_node 8 train.py") } },
  ],
  good: [
    {
      files: {
        "run.sh": run("torchrun --nnodes 2 --node_rank $RANK --nproc_per_node 8 --master_addr $MASTER_ADDR train.py"),
      },
    },
    { files: { "run.sh": run("torchrun --nnodes 1 --nproc_per_node 8 --master_addr localhost train.py") } },
  ],
};
