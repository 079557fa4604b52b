import type { Part } from "../plan.ts";
import { activationsOf } from "./activations.ts";
import { type Constants, constants as standard } from "./constants.ts";
import { estimate } from "./estimate.ts";
import { type MemoryJob, stageOf, tokensOf } from "./job.ts";
import { computeWidth, statesOf, trainedParameters } from "./states.ts";

/** One term of the sum: what it is for, how it comes about, and who says so. */
export interface Term {
  readonly part: Part | "room";
  /** Bytes at the binding moment; 0 for a term that this moment does not have. */
  readonly bytes: number;
  /** The formula with the job's numbers in it; P parameters, Nt trained, N GPUs, L layers, h hidden, f MLP, V vocabulary, T tokens. */
  readonly formula: string;
  readonly source: string;
}

const ZERO = "Rajbhandari et al. 2020, arXiv 1910.02054";
const DEEPSPEED = "deepspeedai/DeepSpeed deepspeed/runtime/zero/stage_1_and_2.py, stage3.py, config.py";
const KORTHIKANTI =
  "Korthikanti et al. 2022, arXiv 2205.05198; foundation-model-stack/fms-acceleration scripts/benchmarks/refs";

const short = (count: number): string => Number(count.toPrecision(4)).toExponential().replace("e+", "e");

/** Every term at the moment that needs most, in the order of the parts. Pure. */
export function explainMemory(job: MemoryJob, constants: Constants = standard): readonly Term[] {
  const gpu = estimate(job, constants);
  const { parts } = gpu;
  return [
    ...stateTerms(job, parts, constants),
    { part: "buffers", bytes: parts.buffers, ...bufferFormula(job, constants) },
    ...activationTerms(job, parts, constants),
    {
      part: "step",
      bytes: parts.step,
      formula: stepFormula(job),
      source: `${DEEPSPEED}; pytorch/pytorch torch/optim/adamw.py (foreach)`,
    },
    {
      part: "context",
      bytes: parts.context,
      formula: `CUDA ${((job.context ?? 0.55 * 2 ** 30) / 2 ** 30).toFixed(2)} GiB${job.gpus > 1 ? ` + NCCL ${job.nodes > 1 ? 1.4 : 0.9} GiB` : ""} + cuBLAS 0.03 GiB`,
      source: "measured: nvidia-smi less torch's reserved memory",
    },
    {
      part: "room",
      bytes: Math.max(0, gpu.needed - gpu.allocated - (parts.context - 0.03 * 2 ** 30)),
      formula: `${constants.fitted.dynamicSlack} × what changes within a step`,
      source: "measured: 4-10 % beyond the live tensors before an out-of-memory error",
    },
  ];
}

function stateTerms(
  job: MemoryJob,
  parts: ReturnType<typeof estimate>["parts"],
  constants: Constants,
): readonly Term[] {
  const { shape, trained, scheme, gpus } = job;
  const stage = stageOf(job.engine);
  const count = trainedParameters(job);
  const over = (from: number): string => (stage >= from && gpus > 1 ? ` / ${gpus}` : "");
  const states = statesOf(job, constants);
  const frozen =
    trained.kind === "all"
      ? ""
      : trained.quantization === null
        ? `${computeWidth(scheme)} × P ${short(shape.params)}${over(3)} + `
        : `0.516 × (P - 2Vh) ${short(shape.params - shape.embeddingParams)} + 2 × ${short(shape.embeddingParams)} + `;
  const width = scheme === "fp32" ? 4 : 2;
  const offloaded = states.optimizer === 0;
  const away = offloaded ? " (offloaded)" : "";
  const waste =
    job.engine.kind === "deepspeed" && stage === 3 && gpus > 1 ? ` × ${1 + constants.fitted.stage3Fragmentation}` : "";
  return [
    {
      part: "weights",
      bytes: parts.weights,
      formula: `${frozen}${width} × Nt ${short(count)}${over(3)}${waste}`,
      source: `${ZERO}; Dettmers et al. 2023, arXiv 2305.14314`,
    },
    {
      part: "gradients",
      bytes: parts.gradients,
      formula: `${width} × Nt ${short(count)}${over(2)}${waste}${away}`,
      source: ZERO,
    },
    {
      part: "optimizer",
      bytes: parts.optimizer,
      formula: `8 × Nt ${short(count)}${over(1)}${waste}${away}`,
      source: ZERO,
    },
    {
      part: "master",
      bytes: parts.master,
      formula: scheme === "fp32" ? "0: the weights are fp32" : `4 × Nt ${short(count)}${over(1)}${waste}${away}`,
      source: ZERO,
    },
  ];
}

function bufferFormula(job: MemoryJob, constants: Constants): Pick<Term, "formula" | "source"> {
  const { engine } = job;
  if (engine.kind !== "deepspeed")
    return { formula: "gathered layers and gradient buckets", source: "pytorch/pytorch torch/distributed/fsdp" };
  const { buckets, stage } = engine;
  const width = computeWidth(job.scheme);
  const formula =
    stage === 0
      ? `${width} × min(bucket ${short(buckets.reduce)}, P)`
      : stage < 3
        ? `${width} × reduce ${short(buckets.reduce)}${buckets.overlap ? " × 2" : ""}, + ${width} × allgather ${short(buckets.allgather)} at the step`
        : `${width} × min(P, max(2 layers, max live ${short(buckets.maxLive)}) + embedding and head) + ${width} × (reduce ${short(buckets.reduce)} + prefetch ${short(buckets.prefetch)}) + ${short(constants.fitted.stage3Workspace)} + full gradients of a layer and the head`;
  return { formula, source: DEEPSPEED };
}

function activationTerms(
  job: MemoryJob,
  parts: ReturnType<typeof estimate>["parts"],
  constants: Constants,
): readonly Term[] {
  const { shape, work, loss } = job;
  const tokens = tokensOf(work);
  const { kept, live } = activationsOf(job, constants);
  const perLogit = loss === "full" ? (shape.upcastsLogits ? constants.fullLogits : constants.halfLogits) : 0;
  return [
    {
      part: "activations",
      bytes: parts.activations,
      formula: `${job.checkpointing ? `${2 * (computeWidth(job.scheme) / 2)} h L T` : "every layer's"} = ${short(kept)} kept, ${short(live)} while one layer is computed again (h ${shape.hidden}, L ${shape.layers}, T ${tokens})`,
      source: KORTHIKANTI,
    },
    {
      part: "logits",
      bytes: parts.logits,
      formula:
        work.kind === "contrastive"
          ? `gathered embeddings + 12 bytes a score${work.multiVector ? ` + max(4 V ${shape.vocab} × tokens of one side, 8 bytes a pair of tokens) + 12 h T` : ""}`
          : perLogit > 0
            ? `${perLogit} × V ${shape.vocab} × T ${tokens} + 6 h T`
            : "6 h T: the loss is computed without whole logits",
      source:
        work.kind === "contrastive"
          ? "FlagOpen/FlagEmbedding FlagEmbedding/finetune/embedder, modeling.py"
          : "huggingface/transformers src/transformers/loss/loss_utils.py; measured by foundation-model-stack/fms-acceleration",
    },
  ];
}

function stepFormula(job: MemoryJob): string {
  const stage = stageOf(job.engine);
  const over = stage >= 1 && job.gpus > 1 ? ` / ${job.gpus}` : "";
  const copies = job.optimizer === "adamw" ? 1 : 0;
  return `${4 * (copies + (job.scheme === "master" ? 1 : 0))} × Nt ${short(trainedParameters(job))}${over}${stage === 3 ? ", one sub-group at a time" : ""}`;
}
