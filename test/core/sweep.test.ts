import { describe, expect, test } from "vitest";
import { gpus } from "../../src/catalog/gpus.ts";
import { models } from "../../src/catalog/models.ts";
import { constants } from "../../src/core/plan/memory/constants.ts";
import { estimateMemory, memoryJob, memoryQuestion, type MemoryQuestion } from "../../src/core/plan/memory/question.ts";
import { statesOf } from "../../src/core/plan/memory/states.ts";
import type { Plan, Task } from "../../src/core/plan/plan.ts";
import { type Answers, resolvePlan, timeOf } from "../../src/index.ts";

const counts = [1, 2, 4, 8, 16, 64];
/** The remote code of these runs on no transformers that files are written for. */
const tooOld = ["baichuan2-7b", "baichuan2-13b"];
const known = models.filter(({ id }) => !tooOld.includes(id));
const methodOf = (kind: string): Answers => (kind === "decoder-embedder" ? { method: "lora" } : {});

/** The plan of every model on every card in every count. */
function* plans(over: Answers = {}): Generator<Plan> {
  for (const { id, kind } of known) {
    for (const gpu of gpus) {
      for (const count of counts) {
        const resolved = resolvePlan({ answers: { model: id, gpu: gpu.id, gpus: count, ...methodOf(kind), ...over } });
        if (!resolved.ok) throw new Error(`${id} on ${count} × ${gpu.id}: ${JSON.stringify(resolved.problems)}`);
        yield resolved.plan;
      }
    }
  }
}

/** One plan a model and count, on one card: what does not depend on the card is checked on these. */
const few = (): readonly Plan[] => [...plans()].filter(({ hardware }) => hardware.card.kind === "listed" && hardware.card.gpu.id === "a100-80");

const longer = (task: Task): Task => (task.kind === "sft" ? { ...task, seqLen: task.seqLen * 2 } : { ...task, passageMaxLen: task.passageMaxLen * 2 });

describe("every model of the catalogue on every card in every count", () => {
  test("is planned, in whole bytes that are never negative, with a time that is a range", { timeout: 60_000 }, () => {
    let planned = 0;
    for (const plan of plans()) {
      planned += 1;
      const { needed, gpu, available } = plan.memory;
      for (const count of [needed, available, gpu.allocated, gpu.reserved, gpu.device, ...Object.values(gpu.parts), ...Object.values(gpu.moments)]) {
        if (!Number.isSafeInteger(count) || count < 0) throw new Error(`${plan.model.label}: ${count} bytes`);
      }
      const { micro, accumulation, world, global } = plan.batch;
      if (micro * accumulation * world !== global) throw new Error(`${plan.model.label}: ${micro} × ${accumulation} × ${world} is not ${global}`);
      const time = timeOf(plan);
      if (time === null) continue;
      const least = plan.hardware.nodes > 1 || plan.zero.offload.kind !== "none" ? 2.5 : 1.5;
      const [low, high] = time.seconds;
      if (!(low > 0 && high / low >= least - 1e-9)) throw new Error(`${plan.model.label}: ${low} to ${high} s`);
    }
    expect(planned).toBe(known.length * gpus.length * counts.length);
  });

  test("needs no less for a larger batch, and none for a longer sequence", { timeout: 60_000 }, () => {
    for (const plan of few()) {
      const question = memoryQuestion(plan);
      const at = (over: Partial<MemoryQuestion>): number => estimateMemory({ ...question, ...over }).needed;
      let before = 0;
      for (const micro of [1, 2, 4, 8, 64]) {
        const now = at({ micro });
        expect(now, plan.model.label).toBeGreaterThanOrEqual(before);
        before = now;
      }
      expect(at({ task: longer(plan.task) }), plan.model.label).toBeGreaterThanOrEqual(at({}));
    }
  });

  test("needs never more states at a higher stage, and never more with more GPUs", { timeout: 60_000 }, () => {
    for (const plan of few()) {
      const question = memoryQuestion(plan);
      const states = (stage: 0 | 1 | 2 | 3, count = plan.hardware.gpus): number => {
        const hardware = { ...question.hardware, gpus: count };
        const held = statesOf(memoryJob({ ...question, hardware, zero: { stage, offload: { kind: "none" } } }), constants);
        return held.frozen + held.weights + held.gradients + held.optimizer + held.master;
      };
      for (const stage of [0, 1, 2] as const) expect(states((stage + 1) as 1 | 2 | 3), plan.model.label).toBeLessThanOrEqual(states(stage));
      for (const stage of [0, 1, 2, 3] as const) expect(states(stage, 4 * plan.hardware.gpus), plan.model.label).toBeLessThanOrEqual(states(stage));
    }
  });
});

test.each(["lora", "qlora"] as const)("a decoder needs less with %s than in full, on the same card and stage", (method) => {
  for (const { id } of known.filter(({ kind }) => kind === "decoder")) {
    const at = (kind: "full" | "lora" | "qlora"): number => {
      const resolved = resolvePlan({ answers: { model: id, gpu: "h100", gpus: 8, zero: 2, offload: "none", microBatch: 1, gradAccum: 1, method: kind } });
      if (!resolved.ok) throw new Error(`${id}: ${JSON.stringify(resolved.problems)}`);
      return resolved.plan.memory.needed;
    };
    expect(at(method), id).toBeLessThan(at("full"));
  }
});
