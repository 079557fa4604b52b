import { activationsOf } from "./activations.ts";
import { buffersOf } from "./buffers.ts";
import { type Constants, constants as standard } from "./constants.ts";
import { type MemoryJob } from "./job.ts";
import { statesOf } from "./states.ts";

const GIB = 2 ** 30;

/** What the bytes of a GPU are for, at the moment when most are needed. */
export interface Parts {
  readonly weights: number;
  readonly gradients: number;
  readonly optimizer: number;
  readonly master: number;
  readonly buffers: number;
  readonly activations: number;
  readonly logits: number;
  readonly step: number;
  /** CUDA context, NCCL and the libraries' workspaces. */
  readonly context: number;
}

export type Moment = "forwardEnd" | "backwardStart" | "backwardEnd" | "optimizerStep";

/** Memory of one GPU in bytes. */
export interface GpuMemory {
  /** What has to be there for the job to run: live tensors, the room they need, context and NCCL. */
  readonly needed: number;
  /** Peak of `torch.cuda.max_memory_allocated`. */
  readonly allocated: number;
  /** Peak of `torch.cuda.max_memory_reserved`: with blocks that the allocator keeps. */
  readonly reserved: number;
  /** What `nvidia-smi` shows. */
  readonly device: number;
  readonly moments: Readonly<Record<Moment, number>>;
  readonly binding: Moment;
  /** The parts at the binding moment; together `allocated + context`. */
  readonly parts: Parts;
}

/** cuBLAS and the like, inside the allocator. */
const WORKSPACE = 0.03 * GIB;

/** Memory of one GPU: the largest of four moments of an optimizer step. Throws nothing; linear in counts, pure. */
export function estimate(job: MemoryJob, constants: Constants = standard): GpuMemory {
  const states = statesOf(job, constants);
  const buffers = buffersOf(job, states, constants);
  const { kept, live, copied, logits } = activationsOf(job, constants);
  const base = states.frozen + states.weights + states.optimizer + states.master + WORKSPACE;
  // DeepSpeed holds its gradient partition between steps; the others drop gradients unless they accumulate.
  const holds = job.accumulation > 1 || job.engine.kind === "deepspeed";
  const held = holds ? states.gradients : 0;
  const forwardEnd = base + held + buffers.forward + kept + logits;
  const backwardStart = base + held + buffers.backward + kept + copied + live;
  const backwardEnd = base + states.gradients + buffers.backward + live;
  const optimizerStep = base + states.gradients + buffers.step + states.step;
  const allocated = Math.max(forwardEnd, backwardStart, backwardEnd, optimizerStep);
  const binding: Moment =
    allocated === optimizerStep
      ? "optimizerStep"
      : allocated === forwardEnd
        ? "forwardEnd"
        : allocated === backwardStart
          ? "backwardStart"
          : "backwardEnd";

  const { fitted } = constants;
  const context = contextOf(job);
  // Blocks the allocator can't use again at once, and those it merely has not given back, by moment.
  const slack = job.engine.kind === "fsdp" ? fitted.streamSlack : fitted.dynamicSlack;
  const inBackward = kept + copied + live;
  const needed = Math.max(
    forwardEnd + slack * (kept + logits),
    backwardStart + slack * inBackward,
    backwardEnd + slack * live,
    optimizerStep,
  );
  const cached = Math.max(
    forwardEnd + fitted.cachedActivations * kept + fitted.cachedLogits * logits + otherLengths(job, logits, fitted),
    backwardStart + fitted.cachedActivations * inBackward,
    optimizerStep,
  );
  // Under pressure the allocator gives its cache back before it fails.
  const room = job.card === null ? Number.POSITIVE_INFINITY : Math.max(allocated, job.card - context);
  const reserved = Math.min(Math.max(allocated, cached), room);
  const atForward = binding === "forwardEnd";
  const atStep = binding === "optimizerStep";
  return {
    needed: needed + context,
    allocated,
    reserved,
    device: reserved + context,
    moments: { forwardEnd, backwardStart, backwardEnd, optimizerStep },
    binding,
    parts: {
      weights: states.frozen + states.weights,
      gradients: atStep || binding === "backwardEnd" ? states.gradients : held,
      optimizer: states.optimizer,
      master: states.master,
      buffers: atStep ? buffers.step : atForward ? buffers.forward : buffers.backward,
      activations: atStep ? 0 : atForward ? kept : binding === "backwardStart" ? kept + copied + live : live,
      logits: atForward ? logits : 0,
      step: atStep ? states.step : 0,
      context: context + WORKSPACE,
    },
  };
}

/** Batches of other lengths leave blocks that fit none of the present one. */
function otherLengths({ sameShapes, work }: MemoryJob, logits: number, fitted: Constants["fitted"]): number {
  if (sameShapes || work.kind !== "tokens") return 0;
  return fitted.cachedOtherLengths * logits * Math.min(1, fitted.usualLength / work.length);
}

/** CUDA context 0.55 GiB; NCCL 0.9 GiB more in a node, 1.4 over several. */
function contextOf({ context, gpus, nodes }: MemoryJob): number {
  return (context ?? 0.55 * GIB) + (nodes > 1 ? 1.4 : gpus > 1 ? 0.9 : 0) * GIB;
}
