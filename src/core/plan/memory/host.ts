import { bytes, type Bytes } from "../../units.ts";
import { type MemoryQuestion, trainableParameters } from "./question.ts";

/** Memory of one node in bytes. */
export interface HostMemory {
  /** Offloaded states, pinned. */
  readonly offloaded: Bytes;
  /** Python, the libraries, data loaders and tokenised data of every rank. */
  readonly processes: Bytes;
  /** 16-bit weights gathered on the first rank while a checkpoint is saved; stage 3 only. */
  readonly saving: Bytes;
  readonly needed: Bytes;
}

/** What a rank takes besides: 5-10 GB were seen; the lower end, as most of it is shared pages. */
const PROCESS = 5e9;

/** torch pins memory in blocks of powers of two: a fifth is lost on average. */
const PINNED = 1.2;

/**
 * What a node's memory has to hold: 16 bytes a trained parameter of its share with the optimizer offloaded (master copy,
 * moments, fp32 gradients), 2 more with the parameters, and the frozen model's own.
 * Source: deepspeedai/DeepSpeed docs/code-docs/source/memory.rst; measured in deepspeedai/DeepSpeed#3448.
 */
export function hostMemory({ model, method, hardware, zero, accumulation }: MemoryQuestion): HostMemory {
  const share = hardware.gpusPerNode / hardware.gpus;
  const trained = trainableParameters(model, method);
  const frozen = method.kind === "full" ? 0 : model.params;
  const whole = (count: number): Bytes => bytes(Math.round(count));
  const states = {
    none: 0,
    optimizer: 16 * trained,
    all: (18 + (accumulation > 1 ? 2 : 0)) * trained + 2 * frozen,
    // The optimizer's states are on the disk; gradients pass through host memory, and so do five buffers a rank.
    nvme: 4 * trained + (5 * 1e8 * 4 * 3 * hardware.gpusPerNode) / share,
  }[zero.offload.kind];
  const offloaded = whole(PINNED * states * share);
  const processes = whole(PROCESS * hardware.gpusPerNode);
  const saving = whole(zero.stage === 3 && method.kind === "full" ? 2 * model.params : 0);
  return { offloaded, processes, saving, needed: whole(offloaded + processes + saving) };
}
