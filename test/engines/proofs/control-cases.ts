import { atLeast, parseVersion, type Version } from "../../../src/core/version.ts";
import type { Answers } from "../../../src/index.ts";
import type { Pair } from "../matrix.ts";

/** A documented pitfall, put by hand into an emitted folder. */
export interface ControlCase {
  readonly name: string;
  readonly answers: Answers;
  /** By file, what is done to its text. */
  readonly spoil: Readonly<Record<string, (text: string) => string>>;
  /** The proof that must notice. */
  readonly by: "read" | "trained";
  /** What it must say. */
  readonly says: RegExp;
  readonly quick: boolean;
}

type Json = Record<string, any>;

const edited = (change: (json: Json) => void) => (text: string): string => {
  const json = JSON.parse(text) as Json;
  change(json);
  return JSON.stringify(json, null, 2);
};

const usual: Answers = { gpus: 1, zero: 2, precision: "bf16", globalBatch: 8, warmupSteps: 3 };

const inConfig = (change: (json: Json) => void): ControlCase["spoil"] => ({ "ds_config.json": edited(change) });
const inArguments = (change: (json: Json) => void): ControlCase["spoil"] => ({ "training_args.json": edited(change) });

const control = (
  name: string,
  by: ControlCase["by"],
  spoil: ControlCase["spoil"],
  says: RegExp,
  more: { readonly answers?: Answers; readonly quick?: boolean } = {},
): ControlCase => ({ name, by, spoil, says, answers: { ...usual, ...more.answers }, quick: more.quick ?? true });

const block = (type: string, params: Json) => (json: Json) => {
  json["scheduler"] = { type, params };
};
const auto = { warmup_min_lr: "auto", warmup_max_lr: "auto", warmup_num_steps: "auto" };

/** Up to 4.40 evaluation is spelt out, from 4.51 on that spelling is gone. */
const otherSpelling = (json: Json): void => {
  const [from, to] = "eval_strategy" in json ? ["eval_strategy", "evaluation_strategy"] : ["evaluation_strategy", "eval_strategy"];
  json[to] = json[from];
  delete json[from];
};

export function controlCases(pair: Pair): readonly ControlCase[] {
  const deepspeed = (least: string): boolean => atLeast(parseVersion(pair.deepspeed) as Version, least);
  const transformers = (least: string): boolean => atLeast(parseVersion(pair.transformers) as Version, least);
  return [
    control("a WarmupLR block flattens the cosine", "trained", inConfig(block("WarmupLR", { ...auto, warmup_type: "linear" })), /the engine used/),
    control("a WarmupLR block is seen without training", "read", inConfig(block("WarmupLR", auto)), /scheduler: the engine has "WarmupLR"/),
    control("a logarithmic warm-up", "trained", inConfig(block("WarmupDecayLR", { ...auto, total_num_steps: "auto" })), /the engine used/, { answers: { scheduler: "linear" } }),
    control("WarmupDecayLR without warmup_max_lr", "trained", inConfig(block("WarmupDecayLR", { warmup_num_steps: "auto", total_num_steps: "auto", warmup_type: "linear" })), /the engine used/, { answers: { scheduler: "linear" }, quick: false }),
    control("a block without total_num_steps", "trained", inConfig(block("WarmupDecayLR", auto)), /total_num_steps/, { quick: false }),
    control("a literal total_num_steps", "read", inConfig(block("WarmupDecayLR", { ...auto, total_num_steps: 10_000 })), /mismatch[^]*total_num_steps/),
    control("an optimizer block without lr", "trained", inConfig((json) => {
      json["optimizer"] = { type: "AdamW", params: { torch_adam: true, weight_decay: "auto" } };
    }), /the engine used 0\.00033|DummyOptim/),
    control("both precisions", "read", inConfig((json) => {
      json["fp16"]["enabled"] = true;
      json["bf16"]["enabled"] = true;
    }), /fp16|mismatch/),
    control("the other precision than the arguments'", "read", inConfig((json) => {
      json["bf16"]["enabled"] = false;
    }), /bf16\.enabled=False vs hf/),
    control("no precision at all in the arguments", "read", inArguments((json) => {
      delete json["bf16"];
    }), /precision: the engine has "fp32"/),
    control("communication_data_type that is no type", "trained", inConfig((json) => {
      json["communication_data_type"] = "float32";
    }), /communication_data_type|float32/),
    control("communication_data_type left to be filled in", "trained", inConfig((json) => {
      json["communication_data_type"] = "auto";
    }), /communication_data_type/, { quick: false }),
    control("no gradient_clipping", "read", inConfig((json) => {
      delete json["gradient_clipping"];
    }), /clipping: the engine has/, { answers: { maxGradNorm: 0.5 } }),
    control("a batch that does not come out", "read", inConfig((json) => {
      json["train_batch_size"] = 64;
    }), /mismatch[^]*train_batch_size=64/),
    control("no gradient_accumulation_steps", "trained", inConfig((json) => {
      delete json["gradient_accumulation_steps"];
    }), /8 != 2 \* 1 \* 1|optimizer steps/, { quick: false }),
    control("no zero_optimization", "read", inConfig((json) => {
      delete json["zero_optimization"];
    }), /Please specify the ZeRO optimization config/),
    control("a key of ZeRO that is mistyped", "read", inConfig((json) => {
      json["zero_optimization"]["reduce_bucket_sise"] = 1;
    }), /extra_forbidden|Extra inputs|extra fields/),
    control("ZeRO-3 without gathering its weights", "trained", inConfig((json) => {
      json["zero_optimization"]["stage3_gather_16bit_weights_on_model_save"] = false;
    }), /no file named|weights these differ|Error no file/, { answers: { zero: 3 } }),
    control("a NaN that is logged as loss 0.0", "read", inArguments((json) => {
      delete json["logging_nan_inf_filter"];
    }), /keepsNaN/),
    control("another learning rate", "trained", inArguments((json) => {
      json["learning_rate"] = 4e-3;
    }), /the engine used/, { quick: false }),
    control("another schedule", "trained", inArguments((json) => {
      json["lr_scheduler_type"] = "linear";
    }), /the engine used/),
    control("an argument of another version", "read", inArguments(otherSpelling), /evaluation_strategy|eval_strategy/, { quick: !transformers("4.41") || transformers("4.51") }),
    control("fp16 whose scale overflows for the whole run", "trained", inConfig((json) => {
      json["fp16"]["initial_scale_power"] = 60;
    }), /optimizer steps were skipped/, { answers: { precision: "fp16" }, quick: false }),
    ...(deepspeed("0.17.1")
      ? [
          control("a loss scale under bf16", "read", inConfig((json) => {
            json["bf16"]["loss_scale"] = 0;
          }), /extra_forbidden|Extra inputs/),
        ]
      : []),
    ...(transformers("5.0")
      ? [control("warmup_ratio, which is gone", "read", inArguments((json) => {
          json["warmup_ratio"] = 0.1;
        }), /warmup_ratio/)]
      : []),
  ].filter(({ name }) => name !== "an argument of another version" || !transformers("4.41") || transformers("4.51"));
}
