import { accelerateSwitches } from "../catalog/names/accelerate.ts";
import { lifetimeOf } from "../catalog/names/arguments.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** Flags of each launcher, which it reads in front of the program only. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  torchrun: [
    "nproc_per_node",
    "nnodes",
    "node_rank",
    "master_addr",
    "master_port",
    "rdzv_backend",
    "rdzv_endpoint",
    "rdzv_id",
    "standalone",
    "max_restarts",
  ],
  deepspeed: [
    "num_gpus",
    "num_nodes",
    "include",
    "exclude",
    "hostfile",
    "master_addr",
    "master_port",
    "launcher",
    "launcher_args",
    "no_local_rank",
  ],
  accelerate: [
    "num_processes",
    "num_machines",
    "machine_rank",
    "main_process_ip",
    "main_process_port",
    "config_file",
    "use_deepspeed",
    "use_fsdp",
    "multi_gpu",
    "gpu_ids",
  ],
};

export const pitfall: Pitfall = {
  code: "LA111",
  id: "launcher-arg-misplaced",
  severity: "error",
  title: {
    en: "A launcher's flag behind the program, or a program's in front of it",
    zh: "启动器参数写在程序之后，或程序参数写在程序之前",
  },
  why: {
    en: "The launcher reads what stands in front of the program and passes on everything behind it. A flag on the wrong side goes to the other one: it is refused there, or the run starts with another number of processes.",
    zh: "启动器只读取程序之前的参数，之后的全部传给程序。写错一侧的参数会交给另一方：要么被拒绝，要么以另外的进程数启动。",
  },
  fix: {
    en: "Launcher flags, then the program, then its arguments.",
    zh: "先写启动器参数，再写程序，最后写程序参数。",
  },
  sources: ["deepspeedai/DeepSpeed:deepspeed/launcher/runner.py", "pytorch/pytorch:torch/distributed/run.py"],
  logs: [
    /(?:launch|torchrun|deepspeed|accelerate)[\w. <>[\]-]*: error: (?:unrecognized arguments|the following arguments are required)/i,
  ],
  *find({ launch }): Iterable<Hit> {
    const flags = launch === null ? undefined : FLAGS[launch.launcher];
    if (launch === null || flags === undefined) return;
    for (const setting of launch.args.all) {
      if (
        !flags.includes(setting.name) ||
        launch.own.exactly(setting.name) !== null ||
        setting.place.source !== launch.source
      )
        continue;
      yield {
        at: setting.place,
        says: {
          en: `${launch.launcher} doesn't see ${setting.place.key} behind the program`,
          zh: `${setting.place.key} 写在程序之后，${launch.launcher} 读不到`,
        },
      };
    }
    for (const setting of launch.own.all) {
      // `--deepspeed ds.json train.py`, `--learning_rate 1e-5 train.py`.
      const theirs =
        setting.name === "deepspeed" ||
        setting.name === "deepspeed_config" ||
        (lifetimeOf(setting.name) !== null && !accelerateSwitches.includes(setting.name));
      if (
        !theirs ||
        (launch.launcher === "accelerate" && ["gradient_accumulation_steps", "fsdp", "debug"].includes(setting.name))
      )
        continue;
      if (launch.launcher === "deepspeed" && setting.name === "log_level") continue;
      yield {
        at: setting.place,
        says: {
          en: `${setting.place.key} is the program's, and stands in front of it: ${launch.launcher} refuses it`,
          zh: `${setting.place.key} 是程序的参数，却写在程序之前：${launch.launcher} 会拒绝`,
        },
      };
    }
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10", "--nproc_per_node 8").replace(
          "torchrun --nproc_per_node 8",
          "torchrun",
        ),
        "ds_config.json": ds(),
      },
    },
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10").replace(
          "torchrun --nproc_per_node 8 train.py",
          "deepspeed --deepspeed ds_config.json train.py",
        ),
        "ds_config.json": ds(),
      },
    },
  ],
  good: [{ files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds() } }],
};
