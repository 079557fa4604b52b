import type { Constants } from "./constants.ts";
import { type MemoryJob } from "./job.ts";
import { computeWidth, type States } from "./states.ts";

/** Bytes of communication buffers and gathered layers, by moment. */
export interface Buffers {
  readonly forward: number;
  readonly backward: number;
  readonly step: number;
}

/**
 * What sharding needs to work: buckets that DeepSpeed allocates in full (deepspeedai/DeepSpeed
 * deepspeed/runtime/zero/stage_1_and_2.py), and whole layers gathered from their partitions.
 */
export function buffersOf(job: MemoryJob, states: States, constants: Constants): Buffers {
  const { shape, engine, scheme, gpus, trained } = job;
  const width = computeWidth(scheme);
  const layer = (shape.params - shape.embeddingParams) / shape.layers;
  const head = shape.vocab * shape.hidden;
  switch (engine.kind) {
    case "single":
      return { forward: 0, backward: 0, step: 0 };
    case "ddp":
      // Buckets hold one more copy of the gradients.
      return { forward: 0, backward: states.gradients, step: states.gradients };
    case "fsdp": {
      const quantizedLayer = trained.kind === "adapters" && trained.quantization !== null;
      // The root unit (embedding and head) stays gathered from forward to backward; a layer is gathered as it is passed.
      const root = gpus > 1 || engine.offload ? width * shape.embeddingParams : 0;
      const unit = gpus > 1 || engine.offload ? (quantizedLayer ? 0.52 : width) * layer : 0;
      const gradient = trained.kind === "all" ? width * Math.max(layer, head) : 0;
      return { forward: root, backward: root + unit + gradient, step: 0 };
    }
    case "deepspeed": {
      const { buckets, stage } = engine;
      if (stage === 0) return { forward: 0, backward: width * Math.min(buckets.reduce, shape.params), step: 0 };
      if (stage < 3) {
        const reduce = width * buckets.reduce * (buckets.overlap ? 2 : 1);
        return { forward: reduce, backward: reduce, step: reduce + width * buckets.allgather };
      }
      const workspace = constants.fitted.stage3Workspace + width * (buckets.reduce + buckets.prefetch);
      const quantizedModel = trained.kind === "adapters" && trained.quantization !== null;
      if (quantizedModel) return { forward: workspace, backward: workspace, step: 0 };
      // Gathered parameters stay up to `stage3_max_live_parameters`; embedding and head are larger than any layer.
      const gathered = Math.min(shape.params, Math.max(2 * layer, buckets.maxLive) + shape.embeddingParams);
      const whole = gpus === 1 && engine.offload !== "all";
      const gradient = trained.kind === "all" ? width * (layer + Math.max(layer, head)) : 0;
      const held = whole ? 0 : width * gathered;
      return { forward: held + workspace, backward: held + gradient + workspace, step: workspace };
    }
  }
}
