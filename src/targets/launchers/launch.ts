import { quoteShell } from "../../core/print/shell.ts";
import type { JsonValue } from "../../core/print/value.ts";
import type { Plan } from "../../core/plan/plan.ts";

/** A line of the launch command. What comes from a person was quoted on the way in. */
export type ShellLine = string;

/** What is started on every GPU: a script beside `launch.sh`, or a Python module. */
export type Program =
  { readonly kind: "script"; readonly file: string } | { readonly kind: "module"; readonly name: string };

/** A launch script's command: one process a GPU on every node, the rank and the address from the environment. */
export interface Launch {
  readonly lines: readonly ShellLine[];
  /** Variables that every node of a job over several nodes has to be given. */
  readonly needs: readonly {
    readonly name: string;
    readonly code: "launch.nodeRank" | "launch.masterAddr" | "launch.hostfile";
  }[];
}

/**
 * Starts `program` with the plan's world size, the same number as in the batch equation. Nothing in it is the rank of one
 * node: a job over several nodes takes that from the environment.
 */
export function launch(plan: Plan, program: Program, argumentLines: readonly ShellLine[]): Launch {
  const { nodes } = plan.hardware;
  const several = nodes > 1;
  const end = [...argumentLines, `"$@"`];
  const script = program.kind === "script" ? [`"$here"/${quoteShell(program.file)}`] : [];
  const rank = { name: "NODE_RANK", code: "launch.nodeRank" } as const;
  const address = { name: "MASTER_ADDR", code: "launch.masterAddr" } as const;
  switch (plan.launcher) {
    case "torchrun":
      return {
        needs: several ? [rank, address] : [],
        lines: [...torchrun(plan), ...(program.kind === "module" ? [`-m ${program.name}`] : script), ...end],
      };
    case "deepspeed":
      return {
        needs: several ? [{ name: "HOSTFILE", code: "launch.hostfile" }] : [],
        lines: [
          several
            ? `deepspeed --hostfile "$HOSTFILE" --num_nodes ${nodes} --num_gpus ${plan.hardware.gpusPerNode}`
            : `deepspeed --num_gpus ${plan.hardware.gpusPerNode}`,
          ...(program.kind === "module" ? [`--module ${program.name}`] : script),
          ...end,
        ],
      };
    case "accelerate":
      return {
        needs: several ? [rank, address] : [],
        lines: [
          `accelerate launch --config_file "$here"/accelerate.yaml`,
          ...(several
            ? [
                `--machine_rank "$NODE_RANK" --main_process_ip "$MASTER_ADDR"`,
                `--main_process_port "\${MASTER_PORT:-29500}"`,
              ]
            : []),
          ...(program.kind === "module" ? [`-m ${program.name}`] : script),
          ...end,
        ],
      };
  }
}

/** torchrun for the plan's nodes and cards. */
function torchrun({ hardware: { nodes, gpusPerNode } }: Plan): readonly ShellLine[] {
  if (nodes === 1) return [`torchrun --standalone --nproc_per_node ${gpusPerNode}`];
  return [
    `torchrun --nnodes ${nodes} --nproc_per_node ${gpusPerNode}`,
    `--node_rank "$NODE_RANK" --master_addr "$MASTER_ADDR" --master_port "\${MASTER_PORT:-29500}"`,
  ];
}

/**
 * `accelerate.yaml`: without it, accelerate would read the machine's own default file, which may say something else. No
 * rank in it, and nothing of DeepSpeed's: that comes through TrainingArguments. Source: huggingface/accelerate
 * src/accelerate/commands/config/config_args.py.
 */
export function accelerateConfig({ hardware: { gpus, nodes }, precision }: Plan): JsonValue {
  return {
    compute_environment: "LOCAL_MACHINE",
    distributed_type: "MULTI_GPU",
    mixed_precision: precision.kind === "fp32" ? "no" : precision.kind,
    num_machines: nodes,
    num_processes: gpus,
    rdzv_backend: "static",
    same_network: true,
    use_cpu: false,
  };
}
