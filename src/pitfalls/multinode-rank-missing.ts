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

export const pitfall: Pitfall = {
  code: "LA108",
  id: "multinode-rank-missing",
  severity: "error",
  title: { en: "Several nodes without a rank for each", zh: "多节点训练没有节点编号" },
  why: {
    en: "Without --node_rank and without a rendezvous every node takes itself for node 0: the run hangs, or stops at a rank that is there twice.",
    zh: "没有 --node_rank 也没有 rendezvous 时，每个节点都认为自己是 0 号：训练挂起，或因 rank 重复而中断。",
  },
  fix: {
    en: "--node_rank $RANK, or --rdzv_backend c10d with --rdzv_endpoint.",
    zh: "加上 --node_rank $RANK，或使用 --rdzv_backend c10d 与 --rdzv_endpoint。",
  },
  sources: ["deepspeedai/DeepSpeed#2958"],
  *find(job): Iterable<Hit> {
    const { launch } = job;
    const nodes = nodesOf(job);
    if (launch?.launcher !== "torchrun" || nodes === null || nodes.value <= 1) return;
    if (
      ["node_rank", "rdzv_endpoint", "rdzv_backend", "rdzv_id", "standalone"].some(
        (name) => launch.own.exactly(name) !== null,
      )
    )
      return;
    // What is not known may hold the rank.
    if (
      launch.command.words.some(
        ({ known, text }) => !known && !/\.py$/.test(text) && /ARGS|OPTS|DIST|TORCHRUN/i.test(text),
      )
    )
      return;
    yield {
      at: { source: launch.source, key: "--node_rank", range: launch.place.range },
      also: [nodes.place],
      says: {
        en: `${nodes.value} nodes, and nothing tells them apart`,
        zh: `有 ${nodes.value} 个节点，却无法区分彼此`,
      },
    };
  },
  bad: [{ files: { "run.sh": run("torchrun --nnodes 2 --nproc_per_node 8 --master_addr $MASTER_ADDR train.py") } }],
  good: [
    {
      files: {
        "run.sh": run("torchrun --nnodes 2 --node_rank $RANK --nproc_per_node 8 --master_addr $MASTER_ADDR train.py"),
      },
    },
    {
      files: {
        "run.sh": run(
          "torchrun --nnodes 2 --rdzv_backend c10d --rdzv_endpoint $HEAD:29500 --nproc_per_node 8 train.py",
        ),
      },
    },
  ],
};
