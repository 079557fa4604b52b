/** What FlagEmbedding needs to know of an embedder or a reranker, and what its authors train it with. */
export interface EmbedderFacts {
  /** The module behind `FlagEmbedding.finetune.`, started through torchrun. */
  readonly entry: FlagEmbeddingEntry;
  /** Peak learning rate that the authors use. */
  readonly learningRate: number;
  /** From half to twice the authors' value: a bound of our own, past which a run deserves a second look. */
  readonly learningRateRange: readonly [low: number, high: number];
  readonly epochs: number;
  readonly warmupRatio: number;
  readonly weightDecay: number;
  /** Passages a query: one positive, the others negatives. */
  readonly trainGroupSize: number;
  /** Null for rerankers, whose loss has none. */
  readonly temperature: number | null;
  /** Tokens, special tokens and instruction included, in the authors' own commands. */
  readonly queryMaxLen: number;
  readonly passageMaxLen: number;
  /** The longest a query, a passage or (rerankers) a pair may be, in tokens. */
  readonly longest: number;
  /** What stands before every query; "" where the model was trained without. */
  readonly queryInstruction: string;
  readonly queryInstructionFormat: string;
  readonly passageInstruction: string;
  readonly pooling: "cls" | "last_token" | null;
  readonly negativesCrossDevice: boolean;
  readonly precision: "fp16" | "bf16";
  /** ZeRO stage of the authors' command; above 2 FlagEmbedding saves empty tensors. */
  readonly zeroStage: 0 | 1;
  readonly lora: { readonly rank: number; readonly alpha: number } | null;
  readonly additionalSpecialTokens: readonly string[];
  readonly source: string;
}

export type FlagEmbeddingEntry =
  | "embedder.encoder_only.base"
  | "embedder.encoder_only.m3"
  | "embedder.decoder_only.base"
  | "embedder.decoder_only.icl"
  | "reranker.encoder_only.base";

const SOURCE = "FlagEmbedding 1.4.0 examples/finetune";

const bertLike = {
  entry: "embedder.encoder_only.base",
  epochs: 2,
  warmupRatio: 0.1,
  weightDecay: 0,
  trainGroupSize: 8,
  temperature: 0.02,
  queryMaxLen: 512,
  passageMaxLen: 512,
  longest: 512,
  queryInstruction: "",
  queryInstructionFormat: "{}{}",
  passageInstruction: "",
  pooling: "cls",
  negativesCrossDevice: true,
  precision: "fp16",
  zeroStage: 0,
  lora: null,
  additionalSpecialTokens: [],
} as const satisfies Partial<EmbedderFacts>;

const rates = { small: 3e-5, base: 2e-5, large: 1e-5 };
const instructions = {
  en: "Represent this sentence for searching relevant passages: ",
  zh: "为这个句子生成表示以用于检索相关文章：",
};

const around = (learningRate: number): Pick<EmbedderFacts, "learningRate" | "learningRateRange"> => ({
  learningRate,
  learningRateRange: [learningRate / 2, learningRate * 2],
});

/** bge v1 and v1.5: BERT with an instruction before the query. */
export const bge = (size: keyof typeof rates, language: keyof typeof instructions): EmbedderFacts => ({
  ...bertLike,
  ...around(rates[size]),
  queryInstruction: instructions[language],
  source: `${SOURCE}/embedder/encoder_only/base.sh; research/old-examples/finetune/README.md (1e-5/2e-5/3e-5 for large/base/small)`,
});

/** An encoder of which only the config is known: trained as a dense embedder, as far as its positions go. */
export const plainEncoder: EmbedderFacts = {
  ...bertLike,
  ...around(1e-5),
  longest: 8192,
  source: `${SOURCE}/embedder/encoder_only/base.sh`,
};

/** bge-m3: XLM-RoBERTa with dense, sparse and multi-vector heads, no instruction. */
export const bgeM3: EmbedderFacts = {
  ...bertLike,
  ...around(1e-5),
  entry: "embedder.encoder_only.m3",
  longest: 8192,
  source: `${SOURCE}/embedder/encoder_only/m3.sh; FlagOpen/FlagEmbedding#497 (5e-6)`,
};

/** Cross-encoders; `longest` holds for query and passage together. */
export const bgeReranker = (longest: number): EmbedderFacts => ({
  ...bertLike,
  ...around(6e-5),
  entry: "reranker.encoder_only.base",
  weightDecay: 0.01,
  temperature: null,
  queryMaxLen: 256,
  passageMaxLen: 256,
  longest,
  pooling: null,
  negativesCrossDevice: false,
  source: `${SOURCE}/reranker/encoder_only/base.sh`,
});

const decoderLike = {
  ...bertLike,
  ...around(1e-4),
  epochs: 1,
  queryInstruction: "Given a query, retrieve passages that are relevant to the query.",
  queryInstructionFormat: "<instruct>{}\n<query>{}",
  pooling: "last_token",
  zeroStage: 1,
  lora: { rank: 32, alpha: 64 },
} as const satisfies Partial<EmbedderFacts>;

/** bge-multilingual-gemma2: Gemma 2 with LoRA, embedding in the last token. */
export const bgeGemma2: EmbedderFacts = {
  ...decoderLike,
  entry: "embedder.decoder_only.base",
  longest: 8192,
  additionalSpecialTokens: ["<instruct>", "<query>"],
  source: `${SOURCE}/embedder/decoder_only/base.sh`,
};

/** bge-en-icl: Mistral with LoRA and worked examples in the query. */
export const bgeIcl: EmbedderFacts = {
  ...decoderLike,
  entry: "embedder.decoder_only.icl",
  queryMaxLen: 2048,
  longest: 32768,
  additionalSpecialTokens: ["<instruct>", "<query>", "<response>"],
  source: `${SOURCE}/embedder/decoder_only/icl_same_dataset.sh`,
};
