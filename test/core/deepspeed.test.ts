import fc from "fast-check";
import { expect, test } from "vitest";
import { atLeast } from "../../src/core/version.ts";
import { accepted, folderOf } from "./arbitrary.ts";

type Json = Readonly<Record<string, any>>;

/** What transformers fills in when it says "auto"; any other "auto" is an exception or a string that DeepSpeed keeps. */
const fillable = new Set([
  "train_micro_batch_size_per_gpu",
  "gradient_accumulation_steps",
  "train_batch_size",
  "gradient_clipping",
  "fp16.enabled",
  "bf16.enabled",
  "scheduler.params.warmup_min_lr",
  "scheduler.params.warmup_max_lr",
  "scheduler.params.warmup_num_steps",
  "scheduler.params.total_num_steps",
]);

/** DeepSpeed ignores a misspelt key at the top without a word, and refuses one in these sections. */
const known: Readonly<Record<string, readonly string[]>> = {
  "": [
    "train_micro_batch_size_per_gpu", "gradient_accumulation_steps", "train_batch_size", "gradient_clipping", "fp16", "bf16",
    "zero_optimization", "scheduler", "zero_allow_untested_optimizer", "zero_force_ds_cpu_optimizer",
  ],
  fp16: ["enabled", "loss_scale", "loss_scale_window", "initial_scale_power", "hysteresis", "min_loss_scale"],
  bf16: ["enabled"],
  zero_optimization: [
    "stage", "overlap_comm", "contiguous_gradients", "reduce_bucket_size", "allgather_bucket_size", "stage3_prefetch_bucket_size",
    "stage3_param_persistence_threshold", "stage3_gather_16bit_weights_on_model_save", "offload_optimizer", "offload_param",
    "stage3_max_live_parameters", "sub_group_size",
  ],
  "zero_optimization.offload_optimizer": ["device", "nvme_path", "pin_memory"],
  "zero_optimization.offload_param": ["device", "pin_memory"],
  scheduler: ["type", "params"],
};

const schedulers: Readonly<Record<string, readonly string[]>> = {
  WarmupLR: ["warmup_max_lr", "warmup_min_lr", "warmup_num_steps", "warmup_type"],
  WarmupDecayLR: ["total_num_steps", "warmup_max_lr", "warmup_min_lr", "warmup_num_steps", "warmup_type"],
  WarmupCosineLR: ["cos_min_ratio", "total_num_steps", "warmup_min_ratio", "warmup_num_steps", "warmup_type"],
};

/** Every place of a config, as `a.b.c`, with its value. */
function places(config: Json, path = ""): readonly (readonly [string, unknown])[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const place = path === "" ? key : `${path}.${key}`;
    return typeof value === "object" && value !== null ? [[place, value] as const, ...places(value, place)] : [[place, value] as const];
  });
}

function expectKnown(config: Json): void {
  for (const [section, names] of Object.entries(known)) {
    const found = section.split(".").reduce<Json | undefined>((at, key) => (key === "" ? at : at?.[key]), config);
    if (found !== undefined) expect(names, section).toEqual(expect.arrayContaining(Object.keys(found)));
  }
}

function expectSoundZero(zero: Json, stage: number): void {
  expect(zero["stage"]).toBe(stage);
  if (stage === 0) return expect(zero).toEqual({ stage: 0 });
  expect(zero["overlap_comm"]).toBe(false);
  expect(zero["contiguous_gradients"]).toBe(true);
  for (const [name, value] of Object.entries(zero)) {
    if (/_size$|_threshold$/.test(name)) expect(Number.isSafeInteger(value) && value > 0, `${name} ${value}`).toBe(true);
    if (name.startsWith("stage3_")) expect(stage, name).toBe(3);
  }
  expect(zero["reduce_bucket_size"]).toBeGreaterThanOrEqual(50_000_000);
  if (stage === 3) {
    expect(zero["stage3_gather_16bit_weights_on_model_save"]).toBe(true);
    expect(zero).toHaveProperty("stage3_prefetch_bucket_size");
    expect(zero).toHaveProperty("stage3_param_persistence_threshold");
  }
  const { offload_optimizer: optimizer, offload_param: parameters } = zero;
  if (parameters !== undefined) expect([stage, parameters["device"]]).toEqual([3, "cpu"]);
  if (optimizer?.device === "nvme") {
    expect(stage).toBe(3);
    expect(optimizer["nvme_path"]).toEqual(expect.stringMatching(/[^]/));
  } else if (optimizer !== undefined) {
    expect(optimizer).toEqual({ device: "cpu", pin_memory: true });
  }
}

/** fp16 brings its loss scale, in whole numbers; where it is not chosen, nobody says a word of one. */
function expectLossScale(config: Json, fp16: boolean): void {
  const { enabled: _, ...scale } = config["fp16"] as Json;
  expect(scale).toEqual(fp16 ? { loss_scale: 0, initial_scale_power: 12, loss_scale_window: 1000, hysteresis: 2, min_loss_scale: 1 } : {});
}

test("ds_config.json holds what the Trainer fills in, and nothing that anybody else decides", () => {
  fc.assert(
    fc.property(accepted, (job) => {
      const { plan, json } = folderOf(job);
      const config = json("ds_config.json");
      if (config === null) return expect(plan.targets).toEqual(["xtuner"]);
      expect(config).not.toHaveProperty("optimizer");
      expect("scheduler" in config).toBe(plan.schedule.owner.kind === "deepspeed");
      expect(places(config).filter(([, value]) => value === "auto").filter(([place]) => !fillable.has(place))).toEqual([]);
      for (const key of ["train_micro_batch_size_per_gpu", "gradient_accumulation_steps", "train_batch_size", "gradient_clipping"]) {
        expect(config[key], key).toBe("auto");
      }
      expect([config["fp16"]["enabled"], config["bf16"]]).toEqual(["auto", { enabled: "auto" }]);
      expectLossScale(config, plan.precision.kind === "fp16");
      expectKnown(config);
      expect(JSON.stringify(config)).not.toContain("communication_data_type");
      expectSoundZero(config["zero_optimization"], plan.zero.stage);
    }),
    { numRuns: 150 },
  );
});

test("a scheduler block is complete, linear, of a DeepSpeed that starts it at 0, and of the shape that was asked for", () => {
  const owned = accepted
    .filter(({ answers }) => answers.maxSteps === undefined || answers.maxSteps > 50)
    .map((job) => ({ ...job, answers: { ...job.answers, schedulerOwner: "deepspeed" as const, deepspeed: "0.19.6" } }));
  let met = 0;
  fc.assert(
    fc.property(owned, (job) => {
      const resolved = tryFolder(job);
      if (resolved === null) return;
      const { plan, json } = resolved;
      const block = json("ds_config.json")?.["scheduler"] as Json | undefined;
      if (block === undefined) return expect(plan.targets).toEqual(["xtuner"]);
      met++;
      const { type, params } = block;
      expect(Object.keys(params).sort()).toEqual(schedulers[type]);
      expect(params["warmup_type"]).toBe("linear");
      expect(params["warmup_num_steps"]).toBe("auto");
      if (type !== "WarmupLR") expect(params["total_num_steps"]).toBe("auto");
      const { shape } = plan.schedule;
      if (type === "WarmupCosineLR") expect(params["cos_min_ratio"]).toBe(shape.name === "cosine_with_min_lr" ? shape.minLrRatio : 0);
      expect({ constant_with_warmup: "WarmupLR", linear: "WarmupDecayLR", cosine: "WarmupCosineLR", cosine_with_min_lr: "WarmupCosineLR" }).toHaveProperty(shape.name, type);
      expect(atLeast(plan.versions.deepspeed, type === "WarmupCosineLR" ? "0.19.0" : "0.15.3")).toBe(true);
      expect(json("training_args.json")?.["lr_scheduler_type"] ?? shape.name, "both say the same shape").toBe(shape.name);
    }),
    { numRuns: 150 },
  );
  expect(met).toBeGreaterThan(20);
});

function tryFolder(job: Parameters<typeof folderOf>[0]): ReturnType<typeof folderOf> | null {
  try {
    return folderOf(job);
  } catch (error) {
    if (String(error).includes("refused: ")) return null;
    throw error;
  }
}

test("XTuner's DeepSpeed file holds literal values only: the plan's", () => {
  fc.assert(
    fc.property(accepted, (job) => {
      const { plan, json, text } = folderOf(job);
      const config = json("ds_config.xtuner.json");
      expect(config !== null).toBe(plan.targets.includes("xtuner") && plan.versions.xtuner[0] === 0);
      if (config === null) return;
      expect(text("ds_config.xtuner.json")).not.toContain('"auto"');
      expect(config).not.toHaveProperty("scheduler");
      expect(config).not.toHaveProperty("optimizer");
      const { micro, accumulation, global } = plan.batch;
      expect(config["train_batch_size"] ?? global).toBe(global);
      expect([config["train_micro_batch_size_per_gpu"], config["gradient_accumulation_steps"]]).toEqual([micro, accumulation]);
      expect(config["gradient_clipping"]).toBe(plan.optimizer.maxGradNorm);
      expect([config["fp16"]["enabled"], config["bf16"]["enabled"]]).toEqual([plan.precision.kind === "fp16", plan.precision.kind === "bf16"]);
      expectLossScale(config, plan.precision.kind === "fp16");
      expectKnown(config);
      expectSoundZero(config["zero_optimization"], plan.zero.stage);
      if (json("ds_config.json") !== null) expect(config["zero_optimization"]).toEqual(json("ds_config.json")?.["zero_optimization"]);
    }),
    { numRuns: 150 },
  );
});
