import fc from "fast-check";
import { expect, test } from "vitest";
import { type Answers, resolvePlan, say } from "../../src/index.ts";
import { checkInvariants } from "../../src/invariants.ts";
import { languages } from "../../src/messages/message.ts";
import { accepted, anyAnswers, folderOf, jobs, planOf } from "./arbitrary.ts";

test("any answers give a plan or problems, and never an exception", () => {
  fc.assert(
    fc.property(fc.oneof(jobs, anyAnswers.map((answers) => ({ answers }))), (job) => {
      const resolved = resolvePlan(job);
      if (!resolved.ok) expect(resolved.problems.length).toBeGreaterThan(0);
    }),
    { numRuns: 800 },
  );
});

const UNSAID = /undefined|\[object|NaN|Infinity|\bnull\b|\(\) =>|^\s*$|× ×/;

test("every problem, with what to say instead, can be told in both languages and names answers that exist", () => {
  fc.assert(
    fc.property(fc.oneof(anyAnswers.map((answers) => ({ answers })), jobs), (job) => {
      const resolved = resolvePlan(plainly(job));
      if (resolved.ok) return;
      for (const { message, at, instead } of resolved.problems) {
        expect(at.length).toBeGreaterThan(0);
        for (const language of languages) {
          for (const told of [message, ...(instead === undefined ? [] : [instead])]) {
            expect(say(language, told), told.code).not.toMatch(UNSAID);
          }
        }
      }
    }),
    { numRuns: 800 },
  );
});

/** A person may call a model "NaN"; where a sentence is looked at for our own slips, texts are ordinary. */
function plainly<Job extends { readonly answers: Answers }>(job: Job): Job {
  const answers = Object.entries(job.answers).map(([key, value]) => [key, typeof value === "string" && UNSAID.test(value) ? "x" : value]);
  return { ...job, answers: Object.fromEntries(answers) as Answers };
}

test("every reason and every note of a plan can be told in both languages", () => {
  fc.assert(
    fc.property(accepted.map(plainly), (job) => {
      const { decisions, notes } = planOf(job);
      for (const language of languages) {
        for (const { because } of decisions) expect(say(language, because), because.code).not.toMatch(UNSAID);
        for (const note of notes) expect(say(language, note), note.code).not.toMatch(UNSAID);
      }
    }),
    { numRuns: 300 },
  );
});

test("the global batch is micro batch × accumulation × GPUs, in whole numbers, and the world is the GPUs", () => {
  fc.assert(
    fc.property(accepted, (job) => {
      const { batch, hardware } = planOf(job);
      for (const part of Object.values(batch)) expect(Number.isSafeInteger(part) && part >= 1, String(part)).toBe(true);
      expect(BigInt(batch.micro) * BigInt(batch.accumulation) * BigInt(batch.world)).toBe(BigInt(batch.global));
      expect(batch.world).toBe(hardware.gpus);
      expect(hardware.gpusPerNode * hardware.nodes).toBe(hardware.gpus);
    }),
    { numRuns: 600 },
  );
});

test("a micro batch that nobody said is a power of two, and more than 1 only where it fits", () => {
  fc.assert(
    fc.property(accepted, (job) => {
      const { answers } = job;
      const said = (key: "microBatch" | "gradAccum"): boolean => typeof answers[key] === "number";
      if (job.preset !== undefined || said("microBatch") || (said("gradAccum") && answers.globalBatch !== undefined)) return;
      const { batch, memory, task } = planOf(job);
      expect(Number.isInteger(Math.log2(batch.micro)), String(batch.micro)).toBe(true);
      expect(batch.micro).toBeLessThanOrEqual(task.kind === "sft" ? 8 : 32);
      if (batch.micro > 1) expect(memory.verdict).toBe("fits");
    }),
    { numRuns: 400 },
  );
});

test("what was said stands in the plan as it was said", () => {
  fc.assert(
    fc.property(accepted, (job) => {
      const { answers } = job;
      const plan = planOf(job);
      const { batch, schedule, optimizer } = plan;
      const said: readonly (readonly [unknown, unknown])[] = [
        [answers.gpus, batch.world],
        [answers.microBatch === "auto" ? undefined : answers.microBatch, batch.micro],
        [answers.gradAccum === "auto" ? undefined : answers.gradAccum, batch.accumulation],
        [answers.globalBatch, batch.global],
        [answers.lr, schedule.peakLr],
        [answers.scheduler, schedule.shape.name],
        [answers.schedulerOwner, schedule.owner.kind],
        [answers.weightDecay, optimizer.weightDecay],
        [answers.maxGradNorm, optimizer.maxGradNorm],
        [answers.adamBeta2, optimizer.beta2],
        [answers.method, plan.method.kind],
        [answers.zero === "auto" ? undefined : answers.zero, plan.zero.stage],
        [answers.offload === "auto" ? undefined : answers.offload, plan.zero.offload.kind],
        [answers.precision === "auto" ? undefined : answers.precision, plan.precision.kind],
        [answers.maxSteps, plan.length.kind === "max-steps" ? plan.length.total : "not max-steps"],
        [answers.epochs, plan.length.kind === "max-steps" ? "max-steps" : plan.length.epochs],
        [answers.data, plan.data],
        [answers.outputDir, plan.outputDir],
        [answers.seed, plan.seed],
        [answers.saveSteps, plan.saveSteps],
        [answers.launcher, plan.launcher],
      ];
      for (const [asked, decided] of said) if (asked !== undefined) expect(decided).toEqual(asked);
    }),
    { numRuns: 600 },
  );
});

test("a number that nobody said has a reason, and one that was said has none", () => {
  fc.assert(
    fc.property(accepted.filter(({ preset }) => preset === undefined), (job) => {
      const { decisions } = planOf(job);
      const keys = decisions.map(({ key }) => key);
      expect(new Set(keys).size, "one reason each").toBe(keys.length);
      for (const key of keys) {
        const value = (job.answers as Readonly<Record<string, unknown>>)[key];
        expect(value === undefined || value === "auto", key).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
});

test("every number of a plan is finite, and no value of it is undefined", () => {
  const walk = (value: unknown, path: string): void => {
    if (typeof value === "number") expect(Number.isFinite(value), path).toBe(true);
    else if (typeof value === "object" && value !== null) for (const [key, each] of Object.entries(value)) walk(each, `${path}.${key}`);
    else expect(value, path).not.toBeUndefined();
  };
  fc.assert(fc.property(accepted, (job) => walk(planOf(job), "plan")), { numRuns: 300 });
});

test("the same job gives the same bytes, whatever was made in between", () => {
  fc.assert(
    fc.property(accepted, accepted, (job, other) => {
      const first = folderOf(job).files;
      folderOf(other, "zh");
      expect(folderOf(structuredClone(job)).files).toEqual(first);
    }),
    { numRuns: 100 },
  );
});

test("the order in which answers were given does not matter but in the list of answers", () => {
  fc.assert(
    fc.property(accepted, (job) => {
      const reversed = { ...job, answers: Object.fromEntries(Object.entries(job.answers).toReversed()) as Answers };
      const files = (each: typeof job) => folderOf(each).files.filter(({ path }) => path !== "train-config.json");
      expect(files(reversed)).toEqual(files(job));
    }),
    { numRuns: 100 },
  );
});

test("every folder keeps the product's own rules when it is read back", () => {
  fc.assert(
    fc.property(accepted, (job) => {
      const { plan, files } = folderOf(job);
      checkInvariants(plan, files);
    }),
    { numRuns: 300 },
  );
});

test("a precision that nobody said is bf16 where the card is known to have it, and fp16 elsewhere", () => {
  const kind = (answers: Answers) => planOf({ answers: { model: "qwen2.5-0.5b", gpus: 8, ...answers } }).precision.kind;
  expect([kind({ gpu: "a100-80" }), kind({ gpu: "h100", precision: "auto" }), kind({ gpu: "v100-32" })]).toEqual(["bf16", "bf16", "fp16"]);
  expect([kind({ gpuMemory: 80 }), kind({ gpuMemory: 80, precision: "bf16" }), kind({ gpu: "h100", precision: "fp32" })]).toEqual(["fp16", "bf16", "fp32"]);
});

test("with packing the steps are left to the run, because rows are packed after tokenising; without it samples give them", () => {
  const length = (packing: boolean) => planOf({ answers: { model: "qwen2.5-7b", gpu: "h100", gpus: 8, samples: 1000, packing, targets: ["hf"] } });
  expect(length(false).length.kind).toBe("counted");
  expect(length(true).length).toEqual({ kind: "epochs", epochs: 3 });
  expect(length(true).notes.map(({ code }) => code)).toContain("note.samplesPacked");
});

test("of the settings that fit the cheapest is taken, and a deeper one only where memory asks for it", () => {
  const zero = (answers: Answers) => planOf({ answers: { model: "qwen2.5-7b", gpus: 8, targets: ["hf"], ...answers } }).zero;
  expect(zero({ gpu: "h100" })).toEqual({ stage: 2, offload: { kind: "none" } });
  expect(zero({ gpu: "h100", model: "qwen2-72b", gpus: 64 })).toEqual({ stage: 3, offload: { kind: "none" } });
  expect(zero({ gpu: "a100-80", model: "qwen2-72b" }).offload.kind).not.toBe("none");
  expect(zero({ gpu: "rtx4090", method: "qlora" })).toEqual({ stage: 2, offload: { kind: "none" } });
  expect(planOf({ answers: { model: "bge-m3", gpu: "a100-80", gpus: 8 } }).zero).toEqual({ stage: 1, offload: { kind: "none" } });
});
