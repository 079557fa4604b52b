import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alternativesOf } from "../../src/core/plan/alternatives.ts";
import { changesHardware, rescale } from "../../src/core/plan/rescale.ts";
import { stepTime } from "../../src/core/plan/time/estimate.ts";
import { alternatives, type Answers, resolvePlan, say, timeOf } from "../../src/index.ts";
import { memoryJob, memoryQuestion } from "../../src/core/plan/memory/question.ts";
import { accepted, planOf } from "./arbitrary.ts";

const sft: Answers = { model: "qwen2.5-7b", gpu: "a100-80", gpus: 8, maxSteps: 100, targets: ["hf"] };

describe("what would fit", () => {
  test("is nothing for a job that fits; otherwise each holds when it is planned again, and keeps the batch unless it says so", () => {
    let told = 0;
    const jobs = fc.sample(accepted, 400);
    for (const job of jobs) {
      const resolved = resolvePlan(job);
      if (!resolved.ok) continue;
      const { plan } = resolved;
      const input = { answers: job.answers, modelFile: job.modelFile ?? null };
      if (job.preset !== undefined) continue;
      const found = alternativesOf(input, plan);
      if (plan.memory.verdict !== "does-not-fit") expect(found).toEqual([]);
      for (const { memory, plan: changed, flags, cost, answers } of found) {
        told += 1;
        expect(memory.verdict).not.toBe("does-not-fit");
        expect(memory.needed).toBeLessThanOrEqual(memory.available);
        expect(flags).toMatch(/^--[a-z]/);
        expect(say("en", cost).trim()).not.toBe("");
        if ("zero" in answers || "microBatch" in answers) expect(changed.batch.global, flags).toBe(plan.batch.global);
      }
    }
    expect(told).toBeGreaterThan(20);
  });

  test("is the same from the library, with a preset under the answers, and nothing where the answers contradict each other", () => {
    const job = { preset: "qwen2-72b", answers: { gpus: 8, nodes: 1, zero: 3, offload: "none" } as const };
    const found = alternatives(job);
    expect(found.length).toBeGreaterThan(1);
    for (const { memory } of found) expect(memory.verdict).not.toBe("does-not-fit");
    expect(alternatives({ preset: "qwen2-72b", answers: {} })).toEqual([]);
    expect(alternatives({ answers: { ...sft, zero: 0, offload: "all" } })).toEqual([]);
  });

  test("comes cheapest first: Liger, micro batch, stage, offload, and only then another training", () => {
    const answers: Answers = { ...sft, model: "qwen2.5-14b", gpu: "a100-40", zero: 2, offload: "none" };
    const plan = planOf({ answers });
    expect(plan.memory.verdict).toBe("does-not-fit");
    const flags = alternativesOf({ answers }, plan).map((each) => each.flags);
    expect(flags.some((each) => each.includes("--offload"))).toBe(true);
    const order = ["--liger", "--micro-batch", "--offload optimizer", "--offload all", "--seq-len", "--gpus", "--method lora", "--method qlora"];
    const ranks = flags.map((each) => order.findIndex((start) => each.includes(start)));
    expect(ranks).not.toContain(-1);
    expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
    expect(new Set(ranks).size).toBeGreaterThan(3);
  });
});

describe("a stage that was left to the plan", () => {
  test("is the lowest that fits, and the reason tells what a lower one would need", () => {
    const plan = planOf({ answers: { ...sft, model: "qwen2-72b", gpu: "h100", gpus: 64 } });
    expect(plan.zero).toEqual({ stage: 3, offload: { kind: "none" } });
    const decision = plan.decisions.find(({ key }) => key === "zero");
    const told = decision === undefined ? "" : say("en", decision.because);
    expect(told).toMatch(/^ZeRO-2 would need about \d+ of 79 GiB a GPU/);
    expect(Number(/about (\d+)/.exec(told)?.[1])).toBeGreaterThan(130);
  });

  test("goes with small buckets where the usual ones would be the last straw, and says so", () => {
    const found = fc.sample(accepted, 600).map(planOf).filter(({ buckets }) => buckets.subGroup < 1e9);
    for (const plan of found) {
      const reason = plan.decisions.find(({ key }) => key === "buckets")?.because.code;
      expect([reason, plan.zero.stage > 0]).toEqual(["because.bucketsSmall", true]);
    }
    expect(found.length).toBeGreaterThan(0);
  });
});

describe("other hardware", () => {
  test("keeps global batch, learning rate and steps, whatever was said of micro batch and accumulation", () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 4, 8, 16, 32), fc.constantFrom<Answers>({}, { microBatch: 2 }, { gradAccum: 4 }, { globalBatch: 64 }, { samples: 5000, maxSteps: undefined as never }), (gpus, more) => {
        const before = Object.fromEntries(Object.entries({ ...sft, ...more }).filter(([, value]) => value !== undefined)) as Answers;
        const plan = planOf({ answers: before });
        const rescaled = rescale(plan, { ...before, gpus }, { gpus });
        expect(rescaled.ok).toBe(plan.batch.global % gpus === 0);
        if (!rescaled.ok) return;
        const after = planOf({ answers: rescaled.answers });
        expect([after.batch.global, after.schedule, after.length]).toEqual([plan.batch.global, plan.schedule, plan.length]);
        expect(after.batch.world).toBe(gpus);
      }),
    );
  });

  test("over which the batch does not divide is refused, with the nearest batches and their learning rates", () => {
    const rescaled = rescale(planOf({ answers: sft }), { ...sft, gpus: 24 }, { gpus: 24 });
    if (rescaled.ok) throw new Error("128 does not divide over 24");
    expect(rescaled.problem.message.code).toBe("regenerate.batchImpossible");
    const told = say("en", rescaled.problem.instead ?? rescaled.problem.message);
    expect(told).toContain("--global-batch 120 --lr 0.00000968 --max-steps 107");
    expect(told).toContain("--global-batch 144 --lr 0.0000106 --max-steps 89");
  });

  test("is what flags name, and nothing of the batch", () => {
    expect([changesHardware({ gpus: 4 }), changesHardware({ gpu: "h100" }), changesHardware({ lr: 1e-5 }), changesHardware({ gpus: 4, globalBatch: 8 })]).toEqual([true, true, false, false]);
  });
});

describe("time", () => {
  const a100 = { tflops: 312, kind: "datacenter", pcieGBs: 32, linkGBs: 300 } as const;
  const job = memoryJob(memoryQuestion(planOf({ answers: { ...sft, gpus: 1, model: "qwen-7b", method: "lora", microBatch: 1, gradAccum: 8, seqLen: 2048 } })));

  test("of Qwen-7B with LoRA on one A100 holds the published 3151 tokens a second", () => {
    const { tokensPerSecond } = stepTime({ job, activeParams: 7.721e9, gpusPerNode: 1, speeds: a100 });
    expect(tokensPerSecond[0]).toBeLessThan(3151);
    expect(tokensPerSecond[1]).toBeGreaterThan(3151);
  });

  test("grows with offloading and with nodes, never shrinks with a slower card, and the range is never narrow", () => {
    fc.assert(
      fc.property(accepted, (each) => {
        const plan = planOf(each);
        const time = timeOf(plan);
        if (time === null) {
          const { card } = plan.hardware;
          expect(card.kind === "listed" ? card.gpu.bf16DenseTflops : null).toBeNull();
          return;
        }
        const [low, high] = time.seconds;
        expect(high / low).toBeGreaterThanOrEqual((plan.hardware.nodes > 1 || plan.zero.offload.kind !== "none" ? 2.5 : 1.5) - 1e-9);
        expect(time.hours === null).toBe(plan.length.kind === "epochs");
      }),
      { numRuns: 200 },
    );
    const at = (tflops: number): number => stepTime({ job, activeParams: 7.7e9, gpusPerNode: 1, speeds: { ...a100, tflops } }).seconds[1];
    expect(at(150)).toBeGreaterThan(at(312));
    const offloaded = { ...job, engine: { kind: "deepspeed", stage: 3, offload: "all", buckets: memoryQuestion(planOf({ answers: sft })).buckets } } as const;
    expect(stepTime({ job: offloaded, activeParams: 7.7e9, gpusPerNode: 1, speeds: a100 }).seconds[1]).toBeGreaterThan(at(312));
  });
});
