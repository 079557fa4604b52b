import { findGpu, type Gpu } from "../catalog/gpus.ts";
import { findModel, type Model } from "../catalog/models.ts";
import { adapterParameters } from "../core/plan/memory/adapters.ts";
import {
  deepspeedDefaults,
  type Engine,
  type MemoryJob,
  type OptimizerKind,
  type Quantization,
  type Scheme,
  type Work,
} from "../core/plan/memory/job.ts";
import { shapeOf } from "../core/plan/memory/question.ts";
import { modelName, nodesOf, precisionOn, usesAdapters, usesDeepSpeed, worldSize, zeroStage } from "../jobs/facts.ts";
import type { Job } from "../jobs/job.ts";
import type { Place } from "../readers/source.ts";

/** A job of the files as the memory model takes it, on the card that the person names. */
export interface MemoryOf {
  readonly memory: MemoryJob;
  readonly model: Model;
  readonly gpu: Gpu;
  readonly place: Place;
  /** Bytes that the card has. */
  readonly available: number;
  /** Whether the files themselves say what is trained; all parameters are taken otherwise. */
  readonly certain: boolean;
}

/**
 * What the files say of a job's memory; null where no card is named, the catalogue doesn't know the model, or what decides
 * is missing. Where a file leaves something open, what takes less is taken.
 */
export function memoryOf(job: Job): MemoryOf | null {
  const { args, context } = job;
  if (context.gpu === undefined || args === null) return null;
  const card = findGpu(context.gpu);
  const named = modelName(job);
  const found = named === null ? null : findModel(named.value);
  if (card.kind !== "found" || named === null || found?.kind !== "found") return null;
  const { model } = found;
  const engine = engineOf(job, model);
  const gpus = worldSize(job)?.value ?? context.gpus ?? (engine?.kind === "single" ? 1 : null);
  const optimizer = optimizerOf(job);
  if (engine === null || gpus === null || gpus < 1 || optimizer === null) return null;
  const adapters = usesAdapters(job);
  const is16bit = precisionOn(job, "bf16") !== null || precisionOn(job, "fp16") !== null;
  const liger = args.on("use_liger_kernel") || args.on("enable_liger_kernel") || args.on("use_liger");
  const available = card.gpu.memoryGiB * 2 ** 30;
  const work = workOf(job, model, gpus);
  const memory: MemoryJob = {
    shape: shapeOf(model),
    trained:
      adapters === true
        ? {
            kind: "adapters",
            adapterParams: adapterParameters(
              args.number("lora_rank") ?? args.number("lora_r") ?? 8,
              TARGETS,
              model.architecture,
            ),
            adapterBytes: 4,
            embeddingCopies: false,
            quantization: quantizationOf(job),
            castUp: "nothing",
          }
        : { kind: "all" },
    scheme: schemeOf(job, is16bit, engine),
    optimizer,
    optimizerInBackward: false,
    engine: engine.kind === "single" && gpus > 1 ? { kind: "ddp" } : engine,
    gpus,
    nodes: nodesOf(job)?.value ?? context.nodes ?? 1,
    work,
    accumulation: args.number("gradient_accumulation_steps") ?? 1,
    checkpointing: checkpoints(job),
    activationsOffloaded: false,
    flashAttention: true,
    fusedKernels: liger,
    loss: work.kind === "contrastive" ? "none" : liger ? "linear" : "full",
    sameShapes: false,
    context: null,
    card: available,
  };
  return { memory, model, gpu: card.gpu, place: named.place, available, certain: adapters !== null };
}

/** The layers that LoRA goes on where all linear ones are meant. */
const TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

function engineOf(job: Job, { architecture }: Model): Engine | null {
  const { ds, args, accelerate } = job;
  if (
    args?.has("fsdp") === true ||
    args?.has("fsdp_config") === true ||
    accelerate?.doc.value("distributed_type") === "FSDP"
  )
    return { kind: "fsdp", offload: /offload/.test(args?.text("fsdp") ?? "") };
  if (!usesDeepSpeed(job)) return { kind: "single" };
  const stage = zeroStage(job)?.value;
  if (stage !== 0 && stage !== 1 && stage !== 2 && stage !== 3) return null;
  const device = (name: string): string => ds?.doc.text(`zero_optimization.${name}.device`) ?? "none";
  const [states, params] = [device("offload_optimizer"), device("offload_param")];
  const offload =
    states === "nvme" || params === "nvme"
      ? "nvme"
      : states !== "cpu"
        ? "none"
        : params === "cpu"
          ? "all"
          : "optimizer";
  const square = architecture.hiddenSize ** 2;
  const bucket = (name: string, otherwise: number, auto: number): number =>
    ds?.doc.value(`zero_optimization.${name}`) === "auto"
      ? auto
      : (ds?.doc.number(`zero_optimization.${name}`) ?? otherwise);
  return {
    kind: "deepspeed",
    stage,
    offload: stage === 0 ? "none" : offload,
    buckets: {
      reduce: bucket("reduce_bucket_size", deepspeedDefaults.reduce, square),
      allgather: bucket("allgather_bucket_size", deepspeedDefaults.allgather, deepspeedDefaults.allgather),
      overlap: ds?.doc.value("zero_optimization.overlap_comm") === true,
      prefetch: bucket("stage3_prefetch_bucket_size", deepspeedDefaults.prefetch, 0.9 * square),
      subGroup: bucket("sub_group_size", deepspeedDefaults.subGroup, deepspeedDefaults.subGroup),
      maxLive: bucket("stage3_max_live_parameters", deepspeedDefaults.maxLive, deepspeedDefaults.maxLive),
    },
  };
}

/** DeepSpeed keeps an fp32 copy; outside it a framework that loads in 16 bit and says so keeps none. */
function schemeOf({ dialect, args }: Job, is16bit: boolean, { kind }: Engine): Scheme {
  if (!is16bit) return args?.has("bf16") === true || dialect === "swift" ? "pure" : "fp32";
  return kind === "deepspeed"
    ? "master"
    : dialect === "llamafactory" && args?.on("pure_bf16") !== true
      ? "amp"
      : "pure";
}

/** Null for an optimizer whose memory is not known here. */
function optimizerOf({ args }: Job): OptimizerKind | null {
  const name = args?.text("optim") ?? "adamw";
  if (/8bit/i.test(name)) return "adamw-8bit";
  if (/adafactor/i.test(name)) return "adafactor";
  return /^adam/i.test(name) && !/4bit|mini|apollo/i.test(name) ? "adamw" : null;
}

function quantizationOf({ args }: Job): Quantization | null {
  const bits = args?.number("quantization_bit") ?? args?.number("quant_bits") ?? args?.number("bits");
  if (
    bits === 4 ||
    args?.on("load_in_4bit") === true ||
    args?.on("q_lora") === true ||
    args?.text("adapter") === "qlora"
  )
    return "nf4";
  return bits === 8 || args?.on("load_in_8bit") === true ? "int8" : null;
}

/** Checkpointing as the framework has it, unless it is told otherwise; a program may switch it on by itself. */
function checkpoints({ args, dialect, program }: Job): boolean {
  if (dialect === "llamafactory") return args?.on("disable_gradient_checkpointing") !== true;
  if (args?.has("gradient_checkpointing") === true)
    return args.on("gradient_checkpointing") || args.value("gradient_checkpointing") !== false;
  return dialect === "swift" || (program?.source.text.includes("gradient_checkpointing") ?? false);
}

const LENGTHS = [
  "cutoff_len",
  "model_max_length",
  "max_seq_length",
  "max_seq_len",
  "max_length",
  "sequence_len",
  "block_size",
];
/** Tokens of a sample where no file says. */
const SHORT = 512;

function workOf({ args, dialect, ds, launch }: Job, { architecture }: Model, gpus: number): Work {
  const number = (name: string, otherwise: number): number => {
    const value = args?.number(name);
    return value !== undefined && value > 0 ? value : otherwise;
  };
  const micro = number("per_device_train_batch_size", ds?.doc.number("train_micro_batch_size_per_gpu") ?? 1);
  if (dialect === "flagembedding") {
    const queries = number("sub_batch_size", micro);
    return {
      kind: "contrastive",
      queries,
      queryLength: number("query_max_len", 32),
      passages: queries * number("train_group_size", 8),
      passageLength: number("passage_max_len", 128),
      multiVector: args?.on("unified_finetuning") === true,
      crossEncoder: /reranker/.test(launch?.module ?? ""),
      comparedOver: args?.on("negatives_cross_device") === true ? gpus : 1,
    };
  }
  const length = LENGTHS.map((name) => args?.number(name)).find((value) => value !== undefined && value > 0) ?? SHORT;
  return { kind: "tokens", rows: micro, length: Math.min(length, architecture.maxPositions) };
}
