import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { visibleDevices } from "./tools.ts";

export const pitfall: Pitfall = {
  code: "LA107",
  id: "ds-plain-python-launch",
  severity: "warning",
  title: { en: "A DeepSpeed run that plain python starts", zh: "直接用 python 启动 DeepSpeed 训练" },
  why: {
    en: "Nobody sets the ranks: one process on one GPU at best, otherwise an attempt to ask MPI for them. LLaMA-Factory refuses it.",
    zh: "没有人设置 rank：最好的情况是单 GPU 单进程，否则会尝试向 MPI 查询。LLaMA-Factory 会拒绝。",
  },
  fix: {
    en: "torchrun, deepspeed, accelerate launch, or FORCE_TORCHRUN=1 llamafactory-cli.",
    zh: "使用 torchrun、deepspeed、accelerate launch，或 FORCE_TORCHRUN=1 llamafactory-cli。",
  },
  sources: ["hiyouga/LLaMA-Factory:src/llamafactory/hparams/parser.py"],
  logs: [
    /Please use `?FORCE_TORCHRUN=1`? to launch DeepSpeed/i,
    /Not using the DeepSpeed or dist launchers, attempting to detect MPI/i,
    /No module named 'mpi4py'/,
  ],
  *find(job): Iterable<Hit> {
    const { launch, dsNamed, dialect, args } = job;
    if (launch === null || dsNamed === null || args === null) return;
    const factory = dialect === "llamafactory";
    const cli = launch.launcher === "llamafactory-cli";
    if (launch.launcher !== "python" && !cli) return;
    // Slurm and MPI set the ranks themselves; so does a script that exports them.
    const first = launch.command.words[0]?.text ?? "";
    if (
      /^(?:srun|mpirun|mpiexec)$/.test(first) ||
      ["RANK", "LOCAL_RANK", "WORLD_SIZE", "FORCE_TORCHRUN", "USE_RAY"].some((name) => launch.env(name) !== null)
    )
      return;
    // One card that is named is one process that is meant.
    if (visibleDevices(job)?.ids.length === 1) return;
    // With several cards the CLI starts torchrun of itself.
    if (cli) return;
    yield {
      at: launch.place,
      also: [dsNamed.place],
      severity: factory ? "error" : "warning",
      says: factory
        ? {
            en: "plain python with DeepSpeed: LLaMA-Factory asks for FORCE_TORCHRUN=1",
            zh: "直接用 python 启动 DeepSpeed：LLaMA-Factory 要求 FORCE_TORCHRUN=1",
          }
        : {
            en: "plain python with DeepSpeed: one process on one GPU",
            zh: "直接用 python 启动 DeepSpeed：单 GPU 单进程",
          },
    };
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10").replace("torchrun --nproc_per_node 8", "python"),
        "ds_config.json": ds(),
      },
    },
  ],
  good: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds() } },
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10").replace("torchrun --nproc_per_node 8", "srun python"),
        "ds_config.json": ds(),
      },
    },
  ],
};
