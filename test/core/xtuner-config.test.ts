import fc from "fast-check";
import { expect, test } from "vitest";
import { curveOf } from "../../src/core/plan/schedule.ts";
import { stepsPerEpoch, totalSteps } from "../../src/core/plan/steps.ts";
import type { Steps } from "../../src/core/units.ts";
import type { JobOptions, Plan } from "../../src/index.ts";
import { lrConfig } from "../../src/targets/xtuner/config-v1.ts";
import { knownSchedulers } from "../../src/targets/xtuner/schedulers.ts";
import { run } from "../print/run.ts";
import { eachOf, folderOf, jobs, planOf } from "./arbitrary.ts";

/** Runs configs with every package replaced by names, and with data files of some numbers of rows. */
const RUN = `
import io, json, sys, types
from importlib.machinery import ModuleSpec
class Name:
    def __init__(self, path): self.path = path
    def __getattr__(self, name): return Name(self.path + "." + name)
    def __call__(self, *args, **values): return {"call": self.path, "args": args, **values}
class Package(types.ModuleType):
    __path__ = []
    def __getattr__(self, name): return Name(name)
class Finder:
    roots = {"torch", "datasets", "mmengine", "peft", "transformers", "xtuner"}
    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self) if name.split(".")[0] in self.roots else None
    def create_module(self, spec): return Package(spec.name)
    def exec_module(self, module): pass
sys.meta_path.insert(0, Finder())
def plain(value):
    if isinstance(value, Name): return value.path
    if isinstance(value, dict): return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)): return [plain(each) for each in value]
    return value
told = []
for source, rows in json.load(sys.stdin):
    def opened(path, **_): return io.StringIO("{}\\n" * rows + "\\n  \\n")
    values = {"open": opened}
    exec(compile(source, "config.py", "exec"), values)
    wanted = ("param_scheduler", "train_cfg", "optim_wrapper", "train_dataloader", "default_hooks", "trainer")
    told.append({name: plain(values[name]) for name in wanted if name in values})
json.dump(told, sys.stdout)
`;

type Json = Readonly<Record<string, any>>;

interface Loaded {
  readonly job: JobOptions;
  readonly plan: Plan;
  readonly rows: number;
  readonly config: Json;
}

/** What the configs of some jobs hold when they are loaded beside data of so many rows. */
function load(list: readonly JobOptions[], rowCounts: readonly number[]): readonly Loaded[] {
  const cases = list.flatMap((job) => {
    const { plan, text } = folderOf(job);
    const source = text("xtuner_config.py");
    return source === null ? [] : rowCounts.map((rows) => ({ job, plan, rows, source }));
  });
  const told = JSON.parse(run("python3", ["-c", RUN], JSON.stringify(cases.map(({ source, rows }) => [source, rows])))) as readonly Json[];
  return cases.map(({ job, plan, rows }, index) => ({ job, plan, rows, config: told[index] as Json }));
}

/** The schedulers as Python has them, of a run of `total` optimizer steps. */
function literal(plan: Plan, total: Steps): readonly Json[] {
  return knownSchedulers(plan, total).map((scheduler) => ({ ...scheduler, by_epoch: false }));
}

function expectSchedule({ plan, config }: Loaded, total: Steps): void {
  const { accumulation } = plan.batch;
  const { warmup } = curveOf(plan.schedule, total);
  // Where a run turns out as short as its warm-up, there is nothing left to decay over.
  const expected = warmup >= total ? literal(plan, total).filter(({ type }) => type === "LinearLR") : literal(plan, total);
  expect(config["param_scheduler"]).toEqual(expected);
  expect(config["train_cfg"]).toEqual({ type: "TrainLoop", max_iters: total * accumulation });
}

const legacy = jobs.map((job): JobOptions => ({ ...job, answers: { ...job.answers, xtuner: "0.2.0", targets: ["hf", "xtuner"] } }));
const accepts = (job: JobOptions, want: (plan: Plan) => boolean): boolean => {
  try {
    return want(planOf(job));
  } catch {
    return false;
  }
};

test("a config of known length holds the plan's schedule in literal iterations", () => {
  const known = load(fc.sample(legacy.filter((job) => accepts(job, ({ length }) => length.kind !== "epochs")), { numRuns: 100, seed: 1 }), [7]);
  expect(new Set(known.map(({ plan }) => plan.schedule.shape.name)).size).toBe(8);
  eachOf(known, (loaded) => {
    const { length } = loaded.plan;
    if (length.kind !== "epochs") expectSchedule(loaded, length.total);
  });
});

test("a config that counts its rows holds, for any number of them, the schedule of that length and the Trainer's steps", () => {
  const rowCounts = [1, 7, 63, 64, 65, 1000, 12_345];
  const counting = load(fc.sample(legacy.filter((job) => accepts(job, ({ length }) => length.kind === "epochs")), { numRuns: 60, seed: 1 }), rowCounts);
  expect(counting.length).toBe(60 * rowCounts.length);
  expect(new Set(counting.map(({ plan }) => plan.schedule.shape.name)).size).toBe(6);
  eachOf(counting, (loaded) => {
    const { plan, rows, config } = loaded;
    const { length, batch, versions } = plan;
    const perEpoch = stepsPerEpoch(rows, batch, versions.transformers, false);
    const total = totalSteps(length.kind === "epochs" ? length.epochs : 0, perEpoch);
    expect(config["train_cfg"]["max_iters"] / batch.accumulation, `steps for ${rows} rows`).toBe(total);
    expectSchedule(loaded, total);
  });
});

test("the batch, the rate and the clipping of a config are those of its DeepSpeed file and of the Trainer's arguments", () => {
  eachOf(load(fc.sample(legacy.filter((job) => accepts(job, () => true)), { numRuns: 50, seed: 1 }), [100]), ({ job, plan, config }) => {
    const { json } = folderOf(job);
    const [ds, args] = [json("ds_config.xtuner.json"), json("training_args.json")];
    const { optimizer, accumulative_counts: accumulation, clip_grad: clip } = config["optim_wrapper"];
    expect([config["train_dataloader"]["batch_size"], accumulation]).toEqual([plan.batch.micro, plan.batch.accumulation]);
    expect([ds?.["train_micro_batch_size_per_gpu"], ds?.["gradient_accumulation_steps"]]).toEqual([plan.batch.micro, accumulation]);
    expect([args?.["per_device_train_batch_size"], args?.["gradient_accumulation_steps"]]).toEqual([plan.batch.micro, accumulation]);
    expect(clip["max_norm"]).toBe(ds?.["gradient_clipping"]);
    expect([optimizer["lr"], optimizer["betas"], optimizer["eps"], optimizer["weight_decay"]]).toEqual([
      args?.["learning_rate"],
      [args?.["adam_beta1"], args?.["adam_beta2"]],
      args?.["adam_epsilon"],
      args?.["weight_decay"],
    ]);
    // Saved at optimizer steps: mmengine counts micro batches.
    expect(config["default_hooks"]["checkpoint"]["interval"]).toBe(plan.saveSteps * plan.batch.accumulation);
  });
});

test("a config of XTuner 1.x holds the plan's schedule, batch and length, and no whole epoch is lost", () => {
  const modern = fc
    .tuple(jobs, fc.constantFrom("qwen2.5-7b", "qwen3-8b"))
    .map(([{ answers }, model]): JobOptions => ({
      answers: { ...answers, model, method: "full", gpu: "h100", precision: "bf16", xtuner: "1.0.1", targets: ["hf", "xtuner"] },
    }))
    .filter((job) => accepts(job, ({ versions }) => versions.xtuner[0] >= 1));
  const loaded = load(fc.sample(modern, { numRuns: 60, seed: 1 }), [7]);
  expect(loaded).toHaveLength(60);
  eachOf(loaded, ({ plan, config }) => {
    const trainer = config["trainer"] as Json;
    const { call: _, args: __, ...lr } = trainer["lr_cfg"] as Json;
    expect(lr).toEqual(lrConfig(plan));
    expect(trainer["global_batch_size"]).toBe(plan.batch.global);
    expect(trainer["optim_cfg"]["lr"]).toBe(plan.schedule.peakLr);
    const { length } = plan;
    expect([trainer["total_step"], trainer["total_epoch"]]).toEqual(length.kind === "epochs" ? [undefined, length.epochs] : [length.total, undefined]);
    expect(Number.isInteger(trainer["total_step"] ?? trainer["total_epoch"]), "a whole number of steps or epochs").toBe(true);
  });
});

