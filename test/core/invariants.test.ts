import { describe, expect, test } from "vitest";
import type { EmittedFile } from "../../src/index.ts";
import { checkInvariants } from "../../src/invariants.ts";
import { folderOf } from "./arbitrary.ts";

const { plan, files } = folderOf({
  answers: { model: "qwen2.5-7b", gpu: "h100", gpus: 8, zero: 3, maxSteps: 100, warmupSteps: 10, xtuner: "0.2.0", targets: ["hf", "xtuner"] },
});

/** The folder with one value of one JSON file changed; `undefined` takes the key away. */
function with_(path: string, place: string, value: unknown): readonly EmittedFile[] {
  return files.map((file) => {
    if (file.path !== path) return file;
    const config = JSON.parse(file.text) as Record<string, unknown>;
    const keys = place.split(".");
    const last = keys.pop() as string;
    const at = keys.reduce((section, key) => section[key] as Record<string, unknown>, config);
    if (value === undefined) delete at[last];
    else at[last] = value;
    return { path, text: JSON.stringify(config) };
  });
}

const ds = "ds_config.json";
const literal = "ds_config.xtuner.json";
const args = "training_args.json";

describe("a folder that breaks a promise is never written:", () => {
  test("untouched, it breaks none", () => {
    expect(() => checkInvariants(plan, files)).not.toThrow();
  });

  test.each<readonly [what: string, path: string, place: string, value: unknown]>([
    ["a communication_data_type", ds, "communication_data_type", "fp32"],
    ["a communication_data_type for XTuner", literal, "communication_data_type", "fp32"],
    ["an optimizer block", ds, "optimizer", { type: "AdamW" }],
    ["a second owner of the schedule", ds, "scheduler", { type: "WarmupLR" }],
    ["a second owner of XTuner's schedule", literal, "scheduler", { type: "WarmupLR" }],
    ["a loss scale with bf16", ds, "bf16.loss_scale", 0],
    ["a loss scale without fp16", ds, "fp16.loss_scale", 0],
    ["ZeRO-3 that saves no weights", ds, "zero_optimization.stage3_gather_16bit_weights_on_model_save", false],
    ["ZeRO-3 that saves no weights of XTuner", literal, "zero_optimization.stage3_gather_16bit_weights_on_model_save", undefined],
    ["a precision that is not the arguments'", ds, "fp16.enabled", true],
    ["a micro batch beside the arguments'", ds, "train_micro_batch_size_per_gpu", 4],
    ["an accumulation that nobody fills in", ds, "gradient_accumulation_steps", undefined],
    ["a global batch beside the arguments'", ds, "train_batch_size", 128],
    ["clipping that nobody fills in", ds, "gradient_clipping", undefined],
    ["an auto that XTuner does not fill", literal, "gradient_clipping", "auto"],
    ["two precisions for XTuner", literal, "fp16.enabled", true],
    ["no precision for XTuner", literal, "bf16.enabled", false],
    ["another clipping for XTuner", literal, "gradient_clipping", 2],
    ["another micro batch for XTuner", literal, "train_micro_batch_size_per_gpu", 1000],
    ["another accumulation for XTuner", literal, "gradient_accumulation_steps", 1000],
    ["a NaN that is logged as 0", args, "logging_nan_inf_filter", true],
    ["two precisions", args, "fp16", true],
    ["no precision", args, "bf16", undefined],
    ["another micro batch", args, "per_device_train_batch_size", 1000],
    ["another accumulation", args, "gradient_accumulation_steps", 1000],
    ["two warm-ups", args, "warmup_ratio", 0.1],
    ["two lengths", args, "num_train_epochs", 3],
    ["another learning rate", args, "learning_rate", 1],
  ])("%s", (_, path, place, value) => {
    expect(() => checkInvariants(plan, with_(path, place, value))).toThrow();
  });

  test("a batch that does not multiply", () => {
    expect(() => checkInvariants({ ...plan, batch: { ...plan.batch, global: plan.batch.global + 1 } }, files)).toThrow("batch equation");
  });
});
