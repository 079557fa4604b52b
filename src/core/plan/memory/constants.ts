/**
 * The numbers of the model that no formula gives. Each has a meaning; those under `fitted` were chosen on published
 * measurements, and the accuracy script chooses them again without each source in turn.
 */
export interface Constants {
  /** Bytes a logit on the usual path: fp32 logits 4, log-softmax 4, its gradient 4, the gradient in 16 bit 2. */
  readonly fullLogits: number;
  /** The same where the model's code leaves logits in 16 bit and autocast upcasts inside the loss. */
  readonly lateUpcastLogits: number;
  /** The same with no autocast either (DeepSpeed's engine): logits, shifted copy, log-softmax and gradients in 16 bit. */
  readonly halfLogits: number;
  /** A kernel that reads 16-bit logits and writes their gradient: measured 8.1 bytes a logit. */
  readonly fusedLogits: number;
  /** Eight chunks of fp32 logits beside the 16-bit ones. */
  readonly chunkedLogits: number;
  readonly fitted: {
    /** Share of ZeRO-3's partitions lost to padding and to holes between gathers. */
    readonly stage3Fragmentation: number;
    /** What the allocator caches beyond the peak, per byte of activations. */
    readonly cachedActivations: number;
    /** The same per byte of logits: blocks of hundreds of MiB that are rarely reused whole. */
    readonly cachedLogits: number;
    /** Blocks of other lengths kept where shapes vary, per byte of logits of a usual batch. */
    readonly cachedOtherLengths: number;
    /** The length of a usual sample where shapes vary: longer ones are rare. Tokens. */
    readonly usualLength: number;
    /** Room that live tensors need beyond their size, as a share of what changes during a step. */
    readonly dynamicSlack: number;
    /** The same under FSDP, which gathers and frees on streams of their own. */
    readonly streamSlack: number;
    /** DeepSpeed stage 3's own working space beside its buckets, bytes. */
    readonly stage3Workspace: number;
  };
}

export const constants: Constants = {
  fullLogits: 14,
  lateUpcastLogits: 12,
  halfLogits: 8,
  fusedLogits: 8,
  chunkedLogits: 3,
  fitted: {
    stage3Fragmentation: 0.04,
    cachedActivations: 0.2,
    cachedLogits: 0.3,
    cachedOtherLengths: 2.4,
    usualLength: 3072,
    dynamicSlack: 0.1,
    streamSlack: 0.22,
    stage3Workspace: 0.25e9,
  },
};
