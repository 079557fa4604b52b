import type { EmittedFile } from "./core/file.ts";
import type { Plan } from "./core/plan/plan.ts";

/** Something we emitted breaks one of our own rules: a defect of this tool, never of the person. */
class BrokenInvariant extends Error {}

/** Reads emitted files back and checks what the product promises of them. Throws BrokenInvariant. */
export function checkInvariants(plan: Plan, files: readonly EmittedFile[]): void {
  const read = (path: string): Readonly<Record<string, any>> | null => {
    const file = files.find((each) => each.path === path);
    return file === undefined ? null : (JSON.parse(file.text) as Record<string, unknown>);
  };
  const ds = read("ds_config.json");
  const args = read("training_args.json");
  const xtuner = read("ds_config.xtuner.json");
  const hold = (condition: boolean, rule: string): void => {
    if (!condition) throw new BrokenInvariant(rule);
  };
  const { batch, precision, schedule } = plan;
  hold(batch.micro * batch.accumulation * batch.world === batch.global, "one batch equation, in integers");
  for (const config of [ds, xtuner]) {
    if (config === null) continue;
    hold(!("communication_data_type" in config), "no communication_data_type");
    hold(!("optimizer" in config), "no optimizer block");
    hold(!("loss_scale" in config["bf16"]), "bf16 has no loss scale");
    hold(
      "loss_scale" in config["fp16"] === (precision.kind === "fp16"),
      "fp16 brings its loss scale, and nothing else does",
    );
    hold(
      config["zero_optimization"].stage !== 3 ||
        config["zero_optimization"].stage3_gather_16bit_weights_on_model_save === true,
      "ZeRO-3 gathers the weights that it saves",
    );
  }
  if (ds !== null) {
    hold("scheduler" in ds === (schedule.owner.kind === "deepspeed"), "one schedule, one owner");
    hold(ds["fp16"].enabled === "auto" && ds["bf16"].enabled === "auto", "one precision, filled in from the arguments");
    hold(
      ["train_micro_batch_size_per_gpu", "gradient_accumulation_steps", "train_batch_size", "gradient_clipping"].every(
        (key) => ds[key] === "auto",
      ),
      "batch and clipping are filled in from the arguments",
    );
  }
  if (xtuner !== null) {
    hold(!("scheduler" in xtuner), "XTuner's schedule has one owner");
    hold(!JSON.stringify(xtuner).includes('"auto"'), 'nothing is "auto" that nobody fills');
    hold(
      xtuner["fp16"].enabled === (precision.kind === "fp16") && xtuner["bf16"].enabled === (precision.kind === "bf16"),
      "XTuner's precision is the plan's",
    );
    hold(xtuner["gradient_clipping"] === plan.optimizer.maxGradNorm, "XTuner's clipping is the plan's");
    hold(
      xtuner["train_micro_batch_size_per_gpu"] === batch.micro &&
        xtuner["gradient_accumulation_steps"] === batch.accumulation,
      "XTuner's batch is the plan's",
    );
  }
  if (args !== null) {
    hold(args["logging_nan_inf_filter"] === false, "a NaN shows as a NaN");
    hold(!(args["fp16"] === true && args["bf16"] === true), "one precision");
    hold((args[precision.kind] === true) === (precision.kind !== "fp32"), "the arguments' precision is the plan's");
    hold(
      args["per_device_train_batch_size"] === batch.micro && args["gradient_accumulation_steps"] === batch.accumulation,
      "the arguments' batch is the plan's",
    );
    hold(!("warmup_ratio" in args && "warmup_steps" in args), "warm-up is said once");
    hold(!("num_train_epochs" in args && "max_steps" in args), "the length is said once");
    hold(args["learning_rate"] === schedule.peakLr, "the arguments' learning rate is the plan's");
  }
}
