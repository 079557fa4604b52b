import fc from "fast-check";
import { expect, test } from "vitest";
import { curveOf, warmupSteps } from "../../src/core/plan/schedule.ts";
import { steps } from "../../src/core/units.ts";
import { atLeast, parseVersion, showVersion, type Version } from "../../src/core/version.ts";
import { type JobOptions, resolvePlan } from "../../src/index.ts";
import { accepted, folderOf, jobs, planOf } from "./arbitrary.ts";
import { knowsScheduler, releases, schedulerKeywords, takes } from "./argument-names.ts";

type Json = Readonly<Record<string, any>>;

/** Jobs of the Trainer, for one release of transformers. */
const jobsFor = (release: string): fc.Arbitrary<JobOptions> =>
  jobs
    .map(({ answers, name }) => {
      const { targets: _, precision: __, ...rest } = answers;
      return { answers: { ...rest, transformers: release, targets: ["hf" as const] }, ...(name === undefined ? {} : { name }) };
    })
    .filter((job) => resolvePlan(job).ok);

const whole = [
  "per_device_train_batch_size", "gradient_accumulation_steps", "max_steps", "logging_steps", "save_steps", "save_total_limit", "seed",
];

function expectWritten(args: Json, release: string): void {
  for (const name of Object.keys(args)) expect(takes(release, name), `${release}: ${name}`).toBe(true);
  expect([takes(release, "eval_strategy"), takes(release, "evaluation_strategy")]).toContain(true);
  for (const name of whole) if (name in args) expect(Number.isSafeInteger(args[name]), `${name} ${args[name]}`).toBe(true);
  expect(args["logging_nan_inf_filter"]).toBe(false);
  expect(args["max_grad_norm"]).toBeGreaterThan(0);
}

test.each(releases)("for transformers %s every name, type and schedule is one that it takes", (release) => {
  fc.assert(
    fc.property(jobsFor(release), (job) => {
      const { plan, json } = folderOf(job);
      const args = json("training_args.json") as Json;
      expect(showVersion(plan.versions.transformers)).toBe(release);
      expectWritten(args, release);
      // Frozen weights under ZeRO-3 have to re-enter, until DeepSpeed 0.19.3; nothing else may.
      const frozen = plan.method.kind !== "full" && plan.zero.stage === 3 && !atLeast(plan.versions.deepspeed, "0.19.3");
      expect(args["gradient_checkpointing_kwargs"]).toEqual({ use_reentrant: frozen });
      const name = args["lr_scheduler_type"];
      expect(knowsScheduler(release, name), name).toBe(true);
      expect(name).toBe(plan.schedule.shape.name);
      const given = Object.keys(args["lr_scheduler_kwargs"] ?? {});
      const [required, optional] = schedulerKeywords(release, name);
      expect(given).toEqual(expect.arrayContaining([...required]));
      expect([...required, ...optional]).toEqual(expect.arrayContaining(given));
      const stops = atLeast(parseVersion(release) as Version, "5.0") && name === "polynomial";
      expect(stops, "transformers 5 stops at polynomial under DeepSpeed").toBe(false);
    }),
    { numRuns: 40 },
  );
});

test("precision is said once, and the warm-up and the length are", () => {
  fc.assert(
    fc.property(accepted, (job) => {
      const { plan, json } = folderOf(job);
      const args = json("training_args.json");
      if (args === null) return;
      const precisions = ["bf16", "fp16"].filter((name) => name in args);
      expect(precisions).toEqual(plan.precision.kind === "fp32" ? [] : [plan.precision.kind]);
      for (const name of precisions) expect(args[name]).toBe(true);
      expect(["warmup_ratio", "warmup_steps"].filter((name) => name in args)).toHaveLength(1);
      expect(["num_train_epochs", "max_steps"].filter((name) => name in args)).toHaveLength(1);
      expect(args["learning_rate"]).toBe(plan.schedule.peakLr);
      expect(args["per_device_train_batch_size"] * args["gradient_accumulation_steps"] * plan.hardware.gpus).toBe(plan.batch.global);
    }),
    { numRuns: 200 },
  );
});

/** `TrainingArguments.get_warmup_steps` of a release. */
function trainerWarmup(args: Json, release: Version, total: number): number {
  const { warmup_steps: count = 0, warmup_ratio: ratio = 0 } = args;
  if (atLeast(release, "5.0")) return count >= 1 ? Math.trunc(count) : Math.ceil(total * count);
  expect(Number.isInteger(count), "a fraction of a step").toBe(true);
  return count > 0 ? count : Math.ceil(total * ratio);
}

/** What the Trainer makes of epochs and a data set of `samples` rows. */
function trainerSteps(args: Json, release: Version, world: number, samples: number, dropLast: boolean): number {
  const rows = samples / (world * args["per_device_train_batch_size"]);
  const length = dropLast ? Math.floor(rows) : Math.ceil(rows);
  const group = args["gradient_accumulation_steps"];
  const whole = Math.floor(length / group) + (atLeast(release, "4.52") && length % group > 0 ? 1 : 0);
  return Math.ceil(args["num_train_epochs"] * Math.max(whole, 1));
}

test("the Trainer makes of the arguments the very steps and the very warm-up that the plan says", () => {
  let counted = 0;
  fc.assert(
    fc.property(accepted, fc.integer({ min: 200, max: 5000 }), (job, unknown) => {
      const { plan, json } = folderOf(job);
      const args = json("training_args.json");
      if (args === null) return;
      const release = plan.versions.transformers;
      const { length, schedule } = plan;
      if (length.kind === "counted") {
        counted++;
        expect(trainerSteps(args, release, plan.batch.world, length.samples, false)).toBe(length.total);
      }
      if (length.kind === "max-steps") expect(args["max_steps"]).toBe(length.total);
      const total = length.kind === "epochs" ? unknown : length.total;
      expect(trainerWarmup(args, release, total)).toBe(warmupSteps(schedule.warmup, steps(total)));
      if (schedule.shape.name !== "constant") expect(trainerWarmup(args, release, total)).toBe(curveOf(schedule, steps(total)).warmup);
      if (schedule.shape.name !== "warmup_stable_decay") return;
      const { num_decay_steps: decay, num_stable_steps: stable } = args["lr_scheduler_kwargs"];
      const rest = total - trainerWarmup(args, release, total) - decay;
      expect(rest).toBeGreaterThanOrEqual(0);
      expect(stable ?? rest).toBe(rest);
    }),
    { numRuns: 250 },
  );
  expect(counted).toBeGreaterThan(10);
});

test("the flat schedule's warm-up begins where the release's own does: at the minimum from 4.49 on, at 0 before", () => {
  const start = (transformers: string) => {
    const { shape } = planOf({ answers: { model: "qwen2.5-7b", gpu: "h100", gpus: 8, maxSteps: 100, scheduler: "warmup_stable_decay", minLrRatio: 0.1, transformers, targets: ["hf"] } }).schedule;
    return shape.name === "warmup_stable_decay" ? shape.startRatio : null;
  };
  expect([start("4.41.0"), start("4.48.0"), start("4.49.0"), start("5.18.0")]).toEqual([0, 0, 0.1, 0.1]);
});

test("the table of names tells releases apart: a file for one is refused by another", () => {
  expect([takes("4.40.0", "eval_strategy"), takes("4.41.0", "eval_strategy")]).toEqual([false, true]);
  expect([takes("4.44.2", "evaluation_strategy"), takes("4.51.3", "evaluation_strategy")]).toEqual([true, false]);
  expect([takes("4.57.6", "warmup_ratio"), takes("5.18.0", "warmup_ratio")]).toEqual([true, false]);
  expect([takes("4.51.3", "tp_size"), takes("4.52.0", "tp_size")]).toEqual([true, false]);
  expect(takes("5.18.0", "warmup_fraction")).toBe(false);
});
