import type { Constants } from "./constants.ts";
import { type MemoryJob, type OptimizerKind, type Quantization, type Scheme, stageOf } from "./job.ts";

/** Bytes a trained parameter takes, by what the bytes are for; `moments` holds for the two of Adam. */
interface Widths {
  readonly weight: number;
  readonly gradient: number;
  readonly master: number;
  readonly moments: number;
  /** A copy of the parameters (foreach AdamW) or of the gradients in fp32 (DeepSpeed) while the optimizer steps. */
  readonly step: number;
}

/** Rajbhandari et al. 2020 (arXiv 1910.02054) for `master`: 2 + 2 + 12; the others as their frameworks allocate them. */
const widths: Readonly<Record<Scheme, Widths>> = {
  pure: { weight: 2, gradient: 2, master: 0, moments: 4, step: 2 },
  master: { weight: 2, gradient: 2, master: 4, moments: 8, step: 4 },
  amp: { weight: 4, gradient: 4, master: 0, moments: 8, step: 4 },
  "sharded-fp32": { weight: 4, gradient: 4, master: 0, moments: 8, step: 4 },
  fp32: { weight: 4, gradient: 4, master: 0, moments: 8, step: 4 },
};

/**
 * Bytes a frozen linear parameter, scales included. NF4 in blocks of 64 with fp32 scales, or with the scales quantized
 * again (Dettmers et al. 2023, arXiv 2305.14314); GPTQ in groups of 128.
 */
const quantized: Readonly<Record<Quantization, number>> = {
  nf4: 0.5 + 1 / 64 + 4 / (64 * 256),
  "nf4-single": 0.5 + 4 / 64,
  int4: 0.52,
  int8: 1.02,
};

/** Bytes of model states one GPU holds. */
export interface States {
  readonly frozen: number;
  readonly weights: number;
  readonly gradients: number;
  readonly optimizer: number;
  readonly master: number;
  readonly step: number;
}

/** Bytes of the type that is computed in. */
export const computeWidth = (scheme: Scheme): 2 | 4 => (scheme === "fp32" ? 4 : 2);

/** Parameters that get a gradient. */
export function trainedParameters({ shape, trained }: MemoryJob): number {
  if (trained.kind === "all") return shape.params;
  return trained.adapterParams + (trained.embeddingCopies ? shape.embeddingParams : 0);
}

/** Model states of one GPU at every moment, ZeRO's partitions and offloading taken into account. */
export function statesOf(job: MemoryJob, { fitted }: Constants): States {
  const { shape, trained, scheme, engine, gpus } = job;
  const stage = stageOf(engine);
  const offload =
    engine.kind === "deepspeed" ? engine.offload : engine.kind === "fsdp" && engine.offload ? "all" : "none";
  const by = (from: number): number => (stage >= from ? gpus : 1);
  // Partitions are padded and leave holes between gathered layers; FSDP's flat parameters do not.
  const waste = engine.kind === "deepspeed" && stage === 3 && gpus > 1 ? 1 + fitted.stage3Fragmentation : 1;
  const parametersAway = offload === "all" || (offload === "nvme" && stage === 3);
  const optimizerAway = offload !== "none";

  let weights = 0;
  let gradients = 0;
  let optimizer = 0;
  let master = 0;
  let step = 0;
  const add = (count: number, width: Widths, embeddings: number): void => {
    weights += (width.weight * count) / by(3);
    gradients += (width.gradient * count) / by(2);
    optimizer += momentBytes(job.optimizer, width, count, embeddings) / by(1);
    master += (width.master * count) / by(1);
    step += stepBytes(job, width, count / by(1), stage);
  };
  if (trained.kind === "all") add(shape.params, widths[scheme], shape.embeddingParams);
  else {
    const own = scheme === "master" ? widths.master : trained.adapterBytes === 4 ? widths.fp32 : widths.pure;
    add(trained.adapterParams, own, 0);
    if (trained.embeddingCopies) add(shape.embeddingParams, widths[scheme], shape.embeddingParams);
  }
  // Autocast keeps a 16-bit copy of every weight it has cast until the step is over.
  if (scheme === "amp" && trained.kind === "all") weights += 2 * shape.params;
  if (job.optimizerInBackward) {
    gradients = (gradients * largestLayer(job)) / Math.max(1, trainedParameters(job));
    step = 0;
  }
  return {
    frozen: parametersAway ? 0 : frozenBytes(job) * waste,
    weights: parametersAway ? 0 : weights * waste,
    // Offloaded gradients stream out through the buckets.
    gradients: optimizerAway ? 0 : gradients * waste,
    optimizer: optimizerAway ? 0 : optimizer * waste,
    master: optimizerAway ? 0 : master * waste,
    step: optimizerAway ? 0 : step,
  };
}

/** The frozen model of an adapter run on one GPU. */
function frozenBytes({ shape, trained, scheme, engine, gpus }: MemoryJob): number {
  if (trained.kind === "all") return 0;
  const width = scheme === "sharded-fp32" || scheme === "amp" ? 4 : computeWidth(scheme);
  const linear = shape.params - shape.embeddingParams;
  const whole =
    trained.quantization === null
      ? width * shape.params
      : quantized[trained.quantization] * linear + (trained.castUp === "embeddings" ? 4 : 2) * shape.embeddingParams;
  // DeepSpeed does not partition quantized weights (InternLM/xtuner#88); FSDP does.
  const split = engine.kind === "fsdp" || (stageOf(engine) === 3 && trained.quantization === null);
  return split ? whole / gpus : whole;
}

function momentBytes(kind: OptimizerKind, width: Widths, count: number, embeddings: number): number {
  switch (kind) {
    case "adamw":
    case "adamw-torch-2.0":
    case "adamw-fused":
      return width.moments * count;
    case "adamw-8bit":
      // bitsandbytes keeps the moments of embeddings in 32 bit.
      return 2 * count + 6 * embeddings;
    case "adafactor":
      // Row and column sums only.
      return 0;
    case "momentum":
      return (width.moments / 2) * count;
  }
}

/** The temporaries of the optimizer step: torch's copies, and DeepSpeed's gradients in fp32. */
function stepBytes(job: MemoryJob, width: Widths, share: number, stage: number): number {
  const copies = job.optimizer === "adamw" ? 1 : job.optimizer === "adamw-torch-2.0" ? 2 : 0;
  if (width.master === 0) return copies * width.step * share;
  // DeepSpeed casts the partition's gradients to fp32; stage 3 does so one sub-group at a time.
  const at = job.engine.kind === "deepspeed" && stage === 3 ? Math.min(share, job.engine.buckets.subGroup) : share;
  return (1 + copies) * width.step * at;
}

/** Parameters of the layer, or of the embedding, that is the largest. */
export const largestLayer = ({ shape }: MemoryJob): number =>
  Math.max((shape.params - shape.embeddingParams) / shape.layers, shape.vocab * shape.hidden);
