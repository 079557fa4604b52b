import type { Gpu } from "../../../catalog/gpus.ts";
import { countActiveParameters } from "../../../catalog/parameters.ts";
import { memoryJob, memoryQuestion } from "../memory/question.ts";
import type { Plan } from "../plan.ts";
import { type Range, type Speeds, type StepTime, stepTime } from "./estimate.ts";

/** How long a plan takes. */
export interface TimeEstimate extends StepTime {
  /** Tokens of one row, padded or packed to the length that was set. */
  readonly tokensPerRow: number;
  /** Null where the number of steps is left to the data. */
  readonly hours: Range | null;
  readonly gpuHours: Range | null;
}

/** Null where the card's speed is not known, or its vendor publishes none for the precision. */
export function timeOf(plan: Plan): TimeEstimate | null {
  const { hardware, model, length, task } = plan;
  if (hardware.card.kind !== "listed") return null;
  const speeds = speedsOf(hardware.card.gpu, plan.precision.kind);
  if (speeds === null) return null;
  const architecture = model.architecture;
  const step = stepTime({
    job: memoryJob(memoryQuestion(plan)),
    activeParams: architecture.moe === undefined ? model.params : countActiveParameters(architecture),
    gpusPerNode: hardware.gpusPerNode,
    speeds,
  });
  const hours: Range | null =
    length.kind === "epochs"
      ? null
      : [(length.total * step.seconds[0]) / 3600, (length.total * step.seconds[1]) / 3600];
  return {
    ...step,
    tokensPerRow: task.kind === "sft" ? task.seqLen : task.queryMaxLen + task.trainGroupSize * task.passageMaxLen,
    hours,
    gpuHours: hours === null ? null : [hours[0] * hardware.gpus, hours[1] * hardware.gpus],
  };
}

/** fp32 without TF32 runs on the ordinary cores, at about an eighth of the tensor cores' 16-bit rate. */
export function speedsOf(gpu: Gpu, precision: Plan["precision"]["kind"]): Speeds | null {
  const half = precision === "bf16" ? gpu.bf16DenseTflops : (gpu.fp16DenseTflops ?? gpu.bf16DenseTflops);
  if (half === null) return null;
  return {
    tflops: precision === "fp32" ? half / 8 : half,
    kind: kindOf(gpu),
    pcieGBs: gpu.interconnect.pcieGBs,
    linkGBs: gpu.interconnect.nvlinkGBs === null ? null : gpu.interconnect.nvlinkGBs / 2,
  };
}

function kindOf({ vendor, arch, interconnect }: Gpu): Speeds["kind"] {
  if (vendor !== "nvidia") return "other";
  if (["Volta", "Turing", "Pascal"].includes(arch)) return "old";
  if (arch === "Hopper" || arch.startsWith("Blackwell")) return interconnect.nvlinkGBs === null ? "consumer" : "hopper";
  return interconnect.nvlinkGBs === null || interconnect.nvlinkGBs < 150 ? "consumer" : "datacenter";
}
