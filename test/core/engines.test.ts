import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { curveOf, learningRate } from "../../src/core/plan/schedule.ts";
import { steps } from "../../src/core/units.ts";
import type { Version } from "../../src/core/version.ts";
import { deepSpeedRate } from "../../src/engines/deepspeed.ts";
import { type MmScheduler, mmengineLearningRates } from "../../src/engines/mmengine.ts";
import { say } from "../../src/index.ts";
import { notesOf } from "../../src/notes.ts";
import { knownSchedulers } from "../../src/targets/xtuner/schedulers.ts";
import { planWith, scheduleOf, trainerMultiplier } from "./curves.ts";

/** XTuner's own form: `convert_to_iter_based` turns epochs into iterations by cutting off what is no whole one. */
function stock(epochLength: number, epochs = 3, ratio = 0.03): readonly MmScheduler[] {
  const edge = Math.trunc(ratio * epochs * epochLength);
  return [
    { type: "LinearLR", start_factor: 1e-5, begin: 0, end: edge },
    { type: "CosineAnnealingLR", eta_min: 0, begin: edge, end: epochs * epochLength },
  ];
}

describe("the model of mmengine", () => {
  test("gives the stock form's rates as they were measured on mmengine 0.10.7: 100 iterations an epoch, 3 epochs, 9 of warm-up", () => {
    const rates = mmengineLearningRates(stock(100), 1, 300);
    const measured = { 0: 1e-5, 1: 0.12501, 4: 0.50001, 8: 1, 9: 1, 150: 0.52428, 299: 2.914e-5 };
    for (const [at, rate] of Object.entries(measured)) expect(rates[Number(at)], at).toBeCloseTo(rate, at === "299" ? 8 : 5);
    const closed = (i: number): number => (i < 9 ? 1e-5 + (1 - 1e-5) * (i / 8) : (1 + Math.cos((Math.PI * (i - 9)) / 291)) / 2);
    for (const [i, rate] of rates.entries()) expect(Math.abs(rate - closed(i)), String(i)).toBeLessThan(1e-13);
  });

  test("shows how far the stock form is from the Trainer: by one warm-up step, and not after", () => {
    const rates = mmengineLearningRates(stock(100), 1, 300);
    const difference = Array.from(rates, (rate, i) => Math.abs(rate - trainerMultiplier({ name: "cosine" }, 9, 300, i)));
    expect(Math.max(...difference)).toBeCloseTo(1 / 9, 4);
    expect(Math.max(...difference.slice(9))).toBeLessThan(1e-13);
  });

  test.each([12, 15, 22])("freezes the stock form at 1e-5 of the rate where an epoch has %i iterations: a warm-up of one", (length) => {
    const rates = mmengineLearningRates(stock(length), 1, 3 * length);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1e-5);
    // The negative control of every comparison with the plan's curve: ours reaches the peak here.
    const ours = knownSchedulers(planWith(scheduleOf({ name: "cosine" }, 1, 1), 1, 3 * length), steps(3 * length));
    expect(Math.max(...mmengineLearningRates(ours, 1, 3 * length))).toBe(1);
  });

  test("warms the stock form up from 23 iterations an epoch on, and has an empty window below 12", () => {
    expect(Math.max(...mmengineLearningRates(stock(23), 1, 69))).toBe(1);
    expect(stock(11)[0]).toMatchObject({ begin: 0, end: 0 });
  });

  test("freezes the old form without `end` after one epoch: 0.7939 of the rate for the rest of the run", () => {
    const old: readonly MmScheduler[] = [
      { type: "LinearLR", start_factor: 1e-5, begin: 0, end: 9 },
      { type: "CosineAnnealingLR", eta_min: 0, begin: 9, end: 100, T_max: 300 },
    ];
    const rates = mmengineLearningRates(old, 1, 300);
    expect(rates[99]).toBeCloseTo(0.7939, 4);
    expect(new Set(rates.slice(99)).size).toBe(1);
    // And with `end` three epochs later the cosine is longer than its window.
    const epochBased: readonly MmScheduler[] = [old[0] as MmScheduler, { type: "CosineAnnealingLR", eta_min: 0, begin: 9, end: 300, T_max: 300 }];
    expect(mmengineLearningRates(epochBased, 1, 300)[299]).toBeCloseTo(2.74e-3, 5);
  });

  test("lets overlapping windows compound: 50 of warm-up over the cosine peak at 0.936", () => {
    const overlapping: readonly MmScheduler[] = [
      { type: "LinearLR", start_factor: 1e-5, begin: 0, end: 50 },
      { type: "CosineAnnealingLR", eta_min: 0, begin: 0, end: 300 },
    ];
    expect(Math.max(...mmengineLearningRates(overlapping, 1, 300))).toBeCloseTo(0.936, 3);
  });

  test("lets two warm-ups over the same window multiply", () => {
    const one: MmScheduler = { type: "LinearLR", start_factor: 0.5, begin: 0, end: 5 };
    expect([...mmengineLearningRates([one, one], 1, 6)].map((rate) => Number(rate.toFixed(6)))).toEqual([0.25, 0.390625, 0.5625, 0.765625, 1, 1]);
  });

  test("accumulates as was measured: unshifted, 16 micro batches a step put the warm-up a third of the peak off", () => {
    const simple = knownSchedulers(planWith(scheduleOf({ name: "cosine" }, 48, 1), 1, 1600), steps(1600));
    const rates = mmengineLearningRates(simple, 1, 1600);
    const used = Array.from({ length: 100 }, (_, k) => rates[(k + 1) * 16 - 1] as number);
    const asked = used.map((_, k) => trainerMultiplier({ name: "cosine" }, 3, 100, k));
    expect(Math.max(...used.slice(0, 3).map((rate, k) => Math.abs(rate - (asked[k] as number))))).toBeCloseTo(0.33, 1);
    const shifted = knownSchedulers(planWith(scheduleOf({ name: "cosine" }, 3, 1), 16, 100), steps(100));
    const exact = mmengineLearningRates(shifted, 1, 1600);
    for (const [k, rate] of asked.entries()) expect(exact[(k + 1) * 16 - 1]).toBeCloseTo(rate, 7);
  });
});

interface Block {
  readonly type: "WarmupLR" | "WarmupDecayLR" | "WarmupCosineLR";
  readonly warmup: number;
  readonly total: number;
  readonly cosMinRatio: number;
}

/** DeepSpeed 0.19.6 lr_schedules.py with `warmup_type: linear`, written again: everything is one step late. */
function deepSpeed({ type, warmup, total, cosMinRatio: c }: Block, k: number): number {
  if (k === 0) return 0;
  const [j, W] = [k - 1, Math.max(2, warmup)];
  if (j < W) return j / W;
  if (type === "WarmupLR") return 1;
  if (type === "WarmupDecayLR") return Math.max(0, (total - j) / Math.max(1, total - W));
  return c + (1 - c) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, (j - W + 1) / Math.max(1, total - W))));
}

const block = (type: Block["type"], warmup: number, total: number, cosMinRatio = 0): Block => ({ type, warmup, total, cosMinRatio });

/** What the model says of a block over a peak of 1, its parameters as DeepSpeed spells them. */
function modelled({ type, warmup, total, cosMinRatio }: Block): (k: number) => number {
  const params = {
    warmup_num_steps: warmup,
    warmup_type: "linear",
    ...(type === "WarmupCosineLR" ? { cos_min_ratio: cosMinRatio } : { warmup_min_lr: 0, warmup_max_lr: 1 }),
    ...(type === "WarmupLR" ? {} : { total_num_steps: total }),
  };
  const rate = deepSpeedRate({ type, params }, { lr: 1, version: [0, 19, 6] });
  if (!rate.ok) throw new Error(rate.error.says);
  return rate.value;
}
const types = ["WarmupLR", "WarmupDecayLR", "WarmupCosineLR"] as const;
const asked = { WarmupLR: { name: "constant_with_warmup" }, WarmupDecayLR: { name: "linear" }, WarmupCosineLR: { name: "cosine" } } as const;

describe("the model of DeepSpeed", () => {
  test("is its closed form, for any warm-up, length and minimum", () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 400 }), fc.constantFrom(0, 1e-4, 0.1), (type, warmup, total, c) => {
        const at = block(type, warmup, total, c);
        const rate = modelled(at);
        for (let k = 0; k < total; k++) expect(Math.abs(rate(k) - deepSpeed(at, k)), `k ${k}`).toBeLessThan(3e-16);
      }),
      { numRuns: 300 },
    );
  });

  test.each(types)("puts %s one warm-up step late, and after the warm-up as far off as was measured", (type) => {
    for (const [w, total] of [[3, 12], [10, 100], [30, 1000], [300, 3000]] as const) {
      const rate = modelled(block(type, w, total));
      const off = Array.from({ length: total }, (_, k) => Math.abs(rate(k) - trainerMultiplier(asked[type], w, total, k)));
      expect(Math.max(...off.slice(0, w + 1))).toBeCloseTo(1 / w, 12);
      const later = Math.max(...off.slice(w + 1));
      expect(later).toBeCloseTo(type === "WarmupDecayLR" ? 1 / (total - w) : 0, 12);
    }
  });

  test("never quite reaches the peak with the cosine of 3 warm-up steps in 12, and takes a warm-up of 1 for 2", () => {
    const rates = Array.from({ length: 12 }, (_, k) => modelled(block("WarmupCosineLR", 3, 12))(k));
    expect(Math.max(...rates)).toBeCloseTo(0.97, 2);
    expect(modelled(block("WarmupLR", 1, 12))(2)).toBe(0.5);
  });

  test("follows the versions: the first update, the default peak, what is refused", () => {
    const rate = (type: string, params: Readonly<Record<string, unknown>>, version: Version) => deepSpeedRate({ type, params }, { lr: 3e-5, version });
    const first = (type: string, params: Readonly<Record<string, unknown>>, version: Version, group = 0) => {
      const found = rate(type, params, version);
      return found.ok ? found.value(0, group) : found.error.raises;
    };
    expect([first("WarmupLR", {}, [0, 15, 2]), first("WarmupLR", {}, [0, 15, 3])]).toEqual([3e-5, 0]);
    const cosine = { total_num_steps: 100 };
    expect([0, 1].map((group) => first("WarmupCosineLR", cosine, [0, 18, 9], group))).toEqual([0, 3e-5]);
    expect([0, 1].map((group) => first("WarmupCosineLR", cosine, [0, 19, 0], group))).toEqual([0, 0]);
    const peak = (version: Version) => {
      const found = rate("WarmupLR", { warmup_num_steps: 2 }, version);
      return found.ok ? found.value(50) : null;
    };
    expect([peak([0, 17, 1]), peak([0, 17, 2])]).toEqual([1e-3, 3e-5]);
    expect([first("WarmupLR", { warmup_num_steps: 0 }, [0, 19, 2]), first("WarmupLR", { warmup_num_steps: 0 }, [0, 19, 3])]).toEqual([0, "ValueError"]);
    expect([first("WarmupDecayLR", {}, [0, 19, 6]), first("WarmupCosineLR", { ...cosine, warmup_max_lr: 1 }, [0, 19, 6])]).toEqual(["TypeError", "TypeError"]);
    expect([first("cosine", {}, [0, 19, 6]), first("CosineAnnealingLR", { T_max: 9 }, [0, 19, 6])]).toEqual(["AssertionError", "TypeError"]);
  });

  test("is told in the notes of a plan whose schedule it owns: by how much, and at which step", () => {
    for (const [shape, w, total] of [["cosine", 10, 100], ["linear", 3, 12], ["constant_with_warmup", 30, 1000], ["linear", 20_000, 2_000_000]] as const) {
      const type = { cosine: "WarmupCosineLR", linear: "WarmupDecayLR", constant_with_warmup: "WarmupLR" } as const;
      const plan = planWith({ ...scheduleOf({ name: shape }, w), owner: { kind: "deepspeed", type: type[shape] } }, 1, total);
      const [note] = notesOf(plan).filter(({ code }) => code === "note.deepspeedDiffers");
      expect(note?.values).toMatchObject({ type: type[shape], percent: Number((100 / w).toPrecision(3)) });
      const step = Number(note?.values?.["step"]) - 1;
      expect(Math.abs(deepSpeed(block(type[shape], w, total), step) - trainerMultiplier({ name: shape }, w, total, step))).toBeCloseTo(1 / w, 10);
      if (note !== undefined) expect(say("en", note)).toContain("--scheduler-owner trainer");
    }
  });
});

test("the Trainer's cosine of 3 warm-up steps in 12 is the one that was logged", () => {
  const curve = curveOf(scheduleOf({ name: "cosine" }, 3, 1e-3), steps(12));
  const logged = Array.from({ length: 12 }, (_, k) => Number(learningRate(curve, k).toPrecision(2)));
  expect(logged.slice(0, 5)).toEqual([0, 3.3e-4, 6.7e-4, 1e-3, 9.7e-4]);
  expect(logged.at(-1)).toBe(3e-5);
});
