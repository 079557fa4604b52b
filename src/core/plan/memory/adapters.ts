import type { Architecture } from "../../../catalog/models.ts";

type Widths = Pick<Architecture, "hiddenSize" | "intermediateSize" | "heads" | "kvHeads" | "headDim">;

/** Parameters of LoRA adapters: `rank × (inputs + outputs)` of each layer they are put on, by the layer's module name. */
export const adapterParameters = (
  rank: number,
  targets: readonly string[],
  architecture: Widths & Pick<Architecture, "layers">,
): number => rank * architecture.layers * targets.reduce((sum, name) => sum + inputsAndOutputs(name, architecture), 0);

function inputsAndOutputs(
  name: string,
  { hiddenSize: h, intermediateSize: f, heads, kvHeads, headDim }: Widths,
): number {
  switch (name) {
    case "gate_proj":
    case "up_proj":
    case "down_proj":
    case "w1":
    case "w2":
    case "w3":
    case "dense_4h_to_h":
      return h + f;
    case "gate_up_proj":
    case "dense_h_to_4h":
      return h + 2 * f;
    case "q_proj":
    case "o_proj":
    case "wo":
    case "dense":
      return h + heads * headDim;
    case "k_proj":
    case "v_proj":
      return h + kvHeads * headDim;
    case "c_proj":
      // The first Qwen calls the output of its attention and that of its MLP alike.
      return h + heads * headDim + h + f;
    default:
      return h + (heads + 2 * kvHeads) * headDim;
  }
}
