// The formulae of other estimators, as they stand in their sources, applied to the same points.

/** One number for every kind of measurement: none of them tells allocated from device memory. */
const asAll = (bytes) => ({ needed: bytes, allocated: bytes, reserved: bytes, device: bytes });

/**
 * deepspeedai/DeepSpeed deepspeed/runtime/zero/{stage_1_and_2,stage3}.py, estimate_zero{2,3}_model_states_mem_needs: model
 * states only, of every parameter (an adapter run's frozen ones, too). Without DeepSpeed: stage 2 on one GPU.
 */
function deepspeed({ arch, distributed: at }) {
  const params = arch.paramsB * 1e9;
  const largest = Math.max(arch.vocab * arch.hidden, (params - 2 * arch.vocab * arch.hidden) / arch.layers);
  if (at.zeroStage === 3) {
    if (at.offloadParam) return asAll(4 * largest);
    return asAll(4 * largest + (at.offloadOptimizer ? 2 : 18) * (params / at.gpus));
  }
  return asAll(at.offloadOptimizer ? 2 * params : 2 * params + (18 * params) / at.gpus);
}

/** huggingface/accelerate src/accelerate/commands/estimate.py, "Training using Adam": the largest of its four terms. */
const accelerate = ({ arch, precision }) => asAll((precision === "fp32" ? 16 : 8) * arch.paramsB * 1e9);

/** EleutherAI/cookbook calc/calc_transformer_mem.py, with the architecture, the lengths and the stage filled in. */
function eleuther({ arch, distributed: at, seqLen, microBatch, gradientCheckpointing, precision }) {
  const { hidden: h, layers, heads, vocab } = arch;
  const kvRatio = arch.kvHeads / heads;
  const linears = arch.mlp === "gelu" ? 2 : 3;
  const params =
    2 * vocab * h +
    h * seqLen +
    8 * h * layers +
    2 * h +
    2 * (1 + kvRatio) * layers * h * h +
    linears * layers * h * arch.ffn;
  const width = precision === "fp32" ? 4 : 2;
  const over = (from) => (at.zeroStage >= from ? at.gpus : 1);
  const states = (width * params) / over(3) + (4 * params) / over(2) + (12 * params) / over(1);
  const shared = at.zeroStage >= 1 && at.gpus > 1;
  const communication = (shared ? 5e8 * width : 0) + (shared && at.zeroStage === 3 ? 1e9 * width : 0);
  const attention = gradientCheckpointing ? 0 : 5 * ((heads * seqLen) / h);
  const activations = seqLen * microBatch * h * layers * (34 + attention);
  return asAll(states + communication + activations);
}

export const estimators = { DeepSpeed: deepspeed, accelerate, EleutherAI: eleuther };
