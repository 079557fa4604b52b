import { trainedParameters } from "../memory/states.ts";
import { type MemoryJob, stageOf, tokensOf } from "../memory/job.ts";

/** What of a card its speed follows from. TFLOP/s dense in the type that is computed in; GB/s one way. */
export interface Speeds {
  readonly tflops: number;
  readonly kind: "datacenter" | "hopper" | "consumer" | "old" | "other";
  readonly pcieGBs: number;
  /** Between cards of a node, one way; null over PCIe. */
  readonly linkGBs: number | null;
}

export interface TimeJob {
  readonly job: MemoryJob;
  /** Parameters a token passes through. */
  readonly activeParams: number;
  readonly gpusPerNode: number;
  readonly speeds: Speeds;
}

/** From the fastest that is likely to the slowest. */
export type Range = readonly [low: number, high: number];

export interface StepTime {
  /** Seconds an optimizer step. */
  readonly seconds: Range;
  /** Tokens a second and GPU. */
  readonly tokensPerSecond: Range;
  /** Share of the hardware's FLOP/s that was assumed before communication and offloading. */
  readonly utilisation: Range;
  /** Seconds of communication an optimizer step if nothing overlapped, as a share of the whole step. */
  readonly communication: Range;
  /** Seconds an optimizer step that offloading adds. */
  readonly offload: Range;
}

/**
 * Utilisations that were published for a long micro step without communication: A100 45-72 %, H100 35-55 % (its peak grew
 * more than its memory), cards over PCIe 40-60 %, Volta and Turing 25-45 %. Sources: QwenLM/Qwen README.md,
 * mosaicml/llm-foundry scripts/train/benchmarking, foundation-model-stack/fms-acceleration, pytorch/torchtune README.md.
 */
const utilisations: Readonly<Record<Speeds["kind"], Range>> = {
  datacenter: [0.45, 0.72],
  hopper: [0.35, 0.55],
  consumer: [0.4, 0.6],
  old: [0.25, 0.45],
  other: [0.2, 0.45],
};

/**
 * Tokens of a micro step at which half the utilisation is reached: launching kernels costs the same for few tokens, and
 * quantized weights have to be unpacked for few, too. Chosen on the speed table of QwenLM/Qwen README.md.
 */
const HALF = { plain: 250, quantized: 1000 } as const;

/** Effective share of a link's rate: rings of small messages at the low end. */
const LINK: Range = [0.5, 0.2];
/** GB/s a GPU between nodes: an adapter of 400 down to 100 Gb/s for each. Fewer adapters take as much longer. */
const BETWEEN_NODES: Range = [40, 10];
/** Real GB/s of pinned copies, as a share of PCIe's. */
const PCIE: Range = [0.75, 0.4];
/** CPU Adam: seconds for 10^9 parameters on a dual-socket node (ZeRO-Offload, arXiv 2101.06840). */
const CPU_ADAM: Range = [0.15, 0.4];
/** GB/s of a node's NVMe disks. */
const NVME: Range = [10, 3];

/** Never narrower than this: half as long again, or two and a half times with offloading or several nodes. */
const WIDTH = { usual: 1.5, wide: 2.5 } as const;

/** Seconds of one optimizer step, and what they are made of. Pure. */
export function stepTime({ job, activeParams, gpusPerNode, speeds }: TimeJob): StepTime {
  const tokens = tokensOf(job.work);
  const flops = flopsPerToken(job, activeParams) * tokens * job.accumulation;
  const quantized = job.trained.kind === "adapters" && job.trained.quantization !== null;
  const half = quantized ? HALF.quantized : HALF.plain;
  const saturation = tokens / (tokens + half);
  const [slow, fast] = utilisations[speeds.kind];
  const utilisation: Range = [slow * saturation, fast * saturation];
  const compute: Range = [
    flops / (utilisation[1] * speeds.tflops * 1e12),
    flops / (utilisation[0] * speeds.tflops * 1e12),
  ];
  const communication = communicationTime(job, speeds);
  const offload = offloadTime(job, speeds, gpusPerNode);
  // Communication hides behind computing while it is shorter; about a third of it shows in any case at the slow end.
  const wide = job.nodes > 1 || offload[1] > 0;
  const seconds = widened(
    [
      Math.max(compute[0], communication[0]) + offload[0],
      Math.max(compute[1], communication[1]) + Math.min(compute[1], communication[1]) / 3 + offload[1],
    ],
    wide ? WIDTH.wide : WIDTH.usual,
  );
  const perStep = tokens * job.accumulation;
  return {
    seconds,
    tokensPerSecond: [perStep / seconds[1], perStep / seconds[0]],
    utilisation,
    communication: [Math.min(1, communication[0] / seconds[0]), Math.min(1, communication[1] / seconds[1])],
    offload,
  };
}

function widened([low, high]: Range, least: number): Range {
  const middle = Math.sqrt(low * high);
  const reach = Math.sqrt(Math.max(least, high / low));
  return [middle / reach, middle * reach];
}

/**
 * Floating-point operations a token: 2 a parameter forward, 4 backward (2 where weights get no gradient), 2 to compute a
 * checkpointed layer again; attention four passes of two products over half the length.
 */
function flopsPerToken({ shape, trained, work, checkpointing }: MemoryJob, activeParams: number): number {
  // A look-up in the embedding costs nothing; the head costs as any layer does.
  const dense = Math.max(activeParams - shape.vocab * shape.hidden, activeParams / 2);
  const passes = (trained.kind === "all" ? 6 : 4) + (checkpointing ? 2 : 0);
  const length = work.kind === "tokens" ? work.length : Math.max(work.passageLength, work.queryLength);
  const attention = (checkpointing ? 8 : 6) * shape.layers * shape.heads * shape.headDim * length;
  return passes * dense + attention * (shape.kind === "encoder" ? 2 : 1);
}

/** Seconds of gathers and reductions in an optimizer step: a ring sends (N - 1)/N of the bytes. */
function communicationTime(job: MemoryJob, speeds: Speeds): Range {
  if (job.gpus === 1) return [0, 0];
  const ring = (job.gpus - 1) / job.gpus;
  const stage = stageOf(job.engine);
  const trained = trainedParameters(job);
  // Stage 3: the weights forward and backward, the gradients once, in every micro step. Stage 2 reduces in every one, too.
  const bytes =
    stage === 3
      ? job.accumulation * (2 * 2 * job.shape.params + 2 * trained)
      : 2 * trained * (stage === 2 ? job.accumulation : 1) + 2 * trained;
  const link = speeds.linkGBs ?? speeds.pcieGBs * 0.5;
  const rate = (at: 0 | 1): number =>
    1e9 * Math.min(link * LINK[at], job.nodes > 1 ? BETWEEN_NODES[at] : Number.POSITIVE_INFINITY);
  return [(ring * bytes) / rate(0), (ring * bytes) / rate(1)];
}

/** Seconds an optimizer step that the host's optimizer, the copies to it and the parameters' way back add. */
function offloadTime(job: MemoryJob, { pcieGBs }: Speeds, gpusPerNode: number): Range {
  const kind = job.engine.kind === "deepspeed" ? job.engine.offload : "none";
  if (kind === "none") return [0, 0];
  const trained = trainedParameters(job);
  const share = trained / job.gpus;
  const ofNode = share * gpusPerNode;
  const parameters = kind === "all" ? (job.accumulation * 3 * 2 * job.shape.params) / job.gpus : 0;
  const at = (end: 0 | 1): number =>
    (6 * share + parameters) / (1e9 * pcieGBs * PCIE[end]) +
    (CPU_ADAM[end] * ofNode) / 1e9 +
    (kind === "nvme" ? (2 * 12 * ofNode) / (1e9 * NVME[end]) : 0);
  return [at(0), at(1)];
}
