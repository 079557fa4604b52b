import type { EmbedderFacts } from "./embedders.ts";
import { familyRows } from "./family-rows.ts";

export type { EmbedderFacts, FlagEmbeddingEntry } from "./embedders.ts";

/** The key of a row in `family-rows.ts`. */
export type FamilyId = keyof typeof familyRows;

/** How a model's code gets into transformers; versions are those of transformers, as `major.minor.patch`. */
export type Loading =
  | { readonly kind: "native"; readonly since: string }
  | {
      /** The checkpoint brings its own Python: `trust_remote_code`. */
      readonly kind: "remote-code";
      readonly since: string;
      /** The newest version it is known to work with; null where no limit is known. */
      readonly until: string | null;
    };

/** How conversations become text. */
export interface ChatFormat {
  /** Whether the tokenizer of the chat checkpoints brings a chat template; null where it was not checked. */
  readonly shipped: boolean | null;
  /** The format to train a base checkpoint with that brings none; null where there is no obvious one. */
  readonly fallback: "chatml" | null;
}

/** Models that share code, tokenizer conventions and training advice. */
export interface Family {
  readonly id: FamilyId;
  /** `model_type` values in the config files of this family. */
  readonly modelTypes: readonly string[];
  readonly loading: Loading;
  /** The type of the published weights. */
  readonly publishedDtype: "bfloat16" | "float16" | "float32";
  /** Names of all linear layers of attention and MLP; routed experts are left out. */
  readonly loraTargets: readonly string[];
  readonly chat: ChatFormat | null;
  /** Name in `xtuner.utils.PROMPT_TEMPLATE` of XTuner 0.1 and 0.2; null where neither has one that fits. */
  readonly xtunerTemplate: string | null;
  /** Whether Liger-Kernel patches the model type. */
  readonly liger: boolean;
  /** Classes of the sparse MLP for DeepSpeed's `stage3` leaf modules, one a spelling in use; empty for dense models. */
  readonly moeBlocks: readonly string[];
  /** Whether `gradient_checkpointing_kwargs` reach the model: old remote code ignores them; null where not checked. */
  readonly checkpointingKwargs: boolean | null;
  /** Null for models that generate text. */
  readonly embedder: EmbedderFacts | null;
  readonly source: string;
}

/** Every family's key. */
export const familyIds = Object.keys(familyRows) as readonly FamilyId[];

/** The family with this key. `decoder` stands for a model of which only the size is known. */
export const familyOf = (id: FamilyId): Family => ({ id, ...familyRows[id] });

/** Whether its checkpoints run their own Python, so that `trust_remote_code` must be given. */
export const needsRemoteCode = (family: Family): boolean => family.loading.kind === "remote-code";
