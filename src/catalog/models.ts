import type { FamilyId } from "./families.ts";
import rows from "./models.json" with { type: "json" };
import { nearest } from "./nearest.ts";

/** What stands on the last layer. A pooler and a classifier are BERT's dense layers; a score head has one row a label. */
export type Top = "language-model" | "none" | "pooler" | "classifier" | "score";

/** The linear layers that carry a bias, where a config departs from what its `modelType` always has. */
export type Bias = "qkv" | "output" | "mlp";

/** Mixture-of-experts layers. Widths are those of one SwiGLU MLP. */
export interface MixtureOfExperts {
  readonly experts: number;
  readonly expertsPerToken: number;
  readonly intermediateSize: number;
  /** All shared experts together; 0 where there are none. */
  readonly sharedIntermediateSize: number;
  /** Layers that keep a dense MLP of the architecture's own `intermediateSize`. */
  readonly denseLayers: number;
}

/** Multi-head latent attention (DeepSeek V2 and later): ranks and per-head widths. */
export interface LatentAttention {
  /** Null where queries are projected directly. */
  readonly queryRank: number | null;
  readonly keyValueRank: number;
  readonly nopeHeadDim: number;
  readonly ropeHeadDim: number;
  readonly valueHeadDim: number;
}

/** The shape of a transformer: what memory and parameter counts follow from. Counts and widths, no bytes. */
export interface Architecture {
  /** `model_type` of the Hugging Face config; says which traits `countParameters` assumes. */
  readonly modelType: string;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** The real width of the MLP: Qwen (1) writes twice this in its config. */
  readonly intermediateSize: number;
  readonly vocabSize: number;
  readonly tiedEmbeddings: boolean;
  /** The longest sequence in tokens that the model takes; XLM-R's table is two rows longer than that. */
  readonly maxPositions: number;
  readonly top: Top;
  /** Rows of a learned position table; absent with rotary positions. */
  readonly positionTable?: number;
  readonly tokenTypes?: number;
  /** Labels of a classifier or score head; 1 when absent. */
  readonly labels?: number;
  readonly biases?: readonly Bias[];
  readonly moe?: MixtureOfExperts;
  readonly mla?: LatentAttention;
}

/** `base` continues text, `chat` follows instructions, `task` is an embedder or a reranker. */
export type Checkpoint = "base" | "chat" | "task";

/**
 * One architecture with its published checkpoints. `params` counts what `from_pretrained` puts into the module (no
 * buffers, no extra prediction modules of DeepSeek V3, no vision tower of Gemma 3); confirmed by instantiating the
 * config on the meta device with transformers 5.18.
 */
export interface Model {
  readonly id: string;
  /** The checkpoint that the bare id stands for. */
  readonly hubId: string;
  readonly family: FamilyId;
  readonly kind: "decoder" | "encoder" | "reranker" | "decoder-embedder";
  readonly trustRemoteCode: boolean;
  readonly params: number;
  /** Parameters one token passes through; `params` for a dense model. */
  readonly activeParams: number;
  /** The token embedding, and the language-model head where it is not tied. */
  readonly embeddingParams: number;
  readonly checkpoints: Readonly<Record<string, Checkpoint>>;
  readonly architecture: Architecture;
  readonly source: string;
}

/** Every model of the catalog, one row of `models.json` each. */
export const models: readonly Model[] = rows as unknown as readonly Model[];

/** What a typed name stands for. `quantized`: weights that can't be trained in full; `nearest` names their originals. */
export type ModelSearch =
  | { readonly kind: "found"; readonly model: Model; readonly hubId: string; readonly checkpoint: Checkpoint }
  | { readonly kind: "quantized"; readonly scheme: string; readonly nearest: readonly string[] }
  | { readonly kind: "unknown"; readonly nearest: readonly string[] };

/**
 * Finds a model by what people type: a catalog id, a hub id, or the name in a hub id, in any case, with any separators
 * or full-width characters, with or without the address of the hub. Only listed checkpoints are found: a name that
 * merely looks like one (another organisation, `-vl`, a size nobody published) is unknown.
 */
export function findModel(text: string): ModelSearch {
  const plain = text.length > 200 ? "" : withoutHub(text.normalize("NFKC").trim());
  const [name = "", organisation, ...rest] = plain.split("/").reverse();
  if (rest.length > 0) return { kind: "unknown", nearest: [] };
  const entry = index().get(key(organisation, name));
  if (entry !== undefined) return { kind: "found", ...entry };
  const scheme = quantization(name);
  if (scheme !== null) {
    const original = index().get(key(organisation, scheme.rest)) ?? index().get(key(undefined, scheme.rest));
    return { kind: "quantized", scheme: scheme.name, nearest: original ? [original.hubId] : suggestions(scheme.rest) };
  }
  return { kind: "unknown", nearest: suggestions(name) };
}

const withoutHub = (text: string): string =>
  text.replace(/^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)\//i, "").replace(/\/+$/, "");

const suggestions = (name: string): readonly string[] =>
  nearest(
    name,
    models.map(({ id }) => id),
  );

/**
 * Separators are dropped except between two digits, where they carry meaning: `qwen2-57b` is not `qwen2.5-7b`.
 */
function key(organisation: string | undefined, name: string): string {
  const bare = name
    .toLowerCase()
    .replace(/[\s\p{Pd}_.·]+/gu, "-")
    .replace(/(?<!\d)-|-(?!\d)/g, "");
  return organisation === undefined ? bare : `${organisation.trim().toLowerCase()}/${bare}`;
}

interface Entry {
  readonly model: Model;
  readonly hubId: string;
  readonly checkpoint: Checkpoint;
}

let known: ReadonlyMap<string, Entry> | undefined;

function index(): ReadonlyMap<string, Entry> {
  if (known !== undefined) return known;
  const map = new Map<string, Entry>();
  const add = (at: string, entry: Entry): void => void (map.has(at) || map.set(at, entry));
  for (const model of models) {
    add(key(undefined, model.id), { model, hubId: model.hubId, checkpoint: model.checkpoints[model.hubId] ?? "task" });
  }
  for (const model of models) {
    for (const [hubId, checkpoint] of Object.entries(model.checkpoints)) {
      const [organisation = "", name = ""] = hubId.split("/");
      const entry = { model, hubId, checkpoint };
      add(key(organisation, name), entry);
      add(key(undefined, name), entry);
      // Llama's hub names begin with "Meta-" and end in "-hf" now and then; people say neither.
      add(key(undefined, name.replace(/^meta-/i, "").replace(/-hf$/i, "")), entry);
    }
  }
  known = map;
  return map;
}

const scheme = /^(?:awq|gptq|gguf|ggml|exl2|mlx|bnb|hqq|aqlm|nf4|fp8|(?:int)?[2348]-?bits?|int[2348]|w\d+a\d+|q\d)$/i;

/** The quantization a name tells of, and the name without it. */
function quantization(name: string): { name: string; rest: string } | null {
  const words = name.split(/[\s\p{Pd}_]+/u);
  const first = words.findIndex((word) => scheme.test(word));
  return first < 1 ? null : { name: (words[first] as string).toLowerCase(), rest: words.slice(0, first).join("-") };
}
