import fc from "fast-check";
import { expect, test } from "vitest";
import { warmupSteps } from "../../src/core/plan/schedule.ts";
import { stepsPerEpoch, totalSteps } from "../../src/core/plan/steps.ts";
import { steps } from "../../src/core/units.ts";
import { parseVersion, type Version } from "../../src/core/version.ts";
import { planOf } from "./arbitrary.ts";

const version = (text: string): Version => parseVersion(text) as Version;
const batch = (micro: number, accumulation: number, world: number) => ({ micro, accumulation, world });

test("21 rows in micro batches of 2 are 11 batches, 10 without the last; over 2 epochs with an accumulation of 4 that is 6 steps", () => {
  const one = batch(2, 1, 1);
  expect(stepsPerEpoch(21, one, version("4.57.6"), false)).toBe(11);
  expect(stepsPerEpoch(21, one, version("4.57.6"), true)).toBe(10);
  for (const dropLast of [false, true]) {
    expect(totalSteps(2, stepsPerEpoch(21, batch(2, 4, 1), version("4.57.6"), dropLast))).toBe(6);
    expect(totalSteps(2, stepsPerEpoch(21, batch(2, 4, 1), version("5.18.0"), dropLast))).toBe(6);
    expect(totalSteps(2, stepsPerEpoch(21, batch(2, 4, 1), version("4.51.3"), dropLast))).toBe(4);
  }
});

test.each([
  ["4.36.2", 2],
  ["4.44.2", 2],
  ["4.51.3", 2],
  ["4.52.0", 3],
  ["4.57.6", 3],
  ["5.0.0", 3],
  ["5.18.0", 3],
])("transformers %s makes %i steps of 11 batches in groups of 4: the incomplete one counts from 4.52", (release, expected) => {
  expect(stepsPerEpoch(11, batch(1, 4, 1), version(release), false)).toBe(expected);
});

test("an epoch has at least one step, and data that fills its groups has the same number of steps in every version", () => {
  for (const release of ["4.36.2", "4.51.3", "4.52.0", "5.18.0"]) {
    expect(stepsPerEpoch(1, batch(4, 16, 8), version(release), false)).toBe(1);
    expect(stepsPerEpoch(1, batch(4, 16, 8), version(release), true)).toBe(1);
    for (let groups = 1; groups < 50; groups++) expect(stepsPerEpoch(groups * 4 * 3 * 8, batch(4, 3, 8), version(release), true)).toBe(groups);
  }
});

/** `num_update_steps_per_epoch` of the Trainer in integers: a DistributedSampler's share in micro batches, then in groups. */
function trainer(samples: number, micro: number, group: number, world: number, dropLast: boolean, counts: boolean): number {
  const perBatch = BigInt(micro) * BigInt(world);
  const rows = BigInt(samples);
  const length = dropLast ? rows / perBatch : (rows + perBatch - 1n) / perBatch;
  const groups = length / BigInt(group) + (counts && length % BigInt(group) > 0n ? 1n : 0n);
  return Number(groups < 1n ? 1n : groups);
}

test("the steps of an epoch are the Trainer's own, in exact integers, up to 10^12 rows", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 1e12 })),
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 512 }),
      fc.boolean(),
      (samples, micro, accumulation, world, dropLast) => {
        for (const [release, counts] of [["4.51.3", false], ["4.52.0", true]] as const) {
          expect(stepsPerEpoch(samples, batch(micro, accumulation, world), version(release), dropLast)).toBe(
            trainer(samples, micro, accumulation, world, dropLast, counts),
          );
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("a warm-up ratio is rounded up: a tenth of 25 steps is 3", () => {
  expect(warmupSteps({ kind: "ratio", ratio: 0.1 }, steps(25))).toBe(3);
  expect(warmupSteps({ kind: "ratio", ratio: 0.03 }, steps(1))).toBe(1);
  expect(warmupSteps({ kind: "ratio", ratio: 0.03 }, steps(100))).toBe(3);
  expect(warmupSteps({ kind: "none" }, steps(100))).toBe(0);
  expect(warmupSteps({ kind: "steps", steps: steps(7) }, steps(100))).toBe(7);
});

test("fractions of an epoch are rounded up to whole steps", () => {
  expect(totalSteps(0.5, steps(3))).toBe(2);
  expect(totalSteps(1.5, steps(11))).toBe(17);
  expect(totalSteps(3, steps(11))).toBe(33);
});

test("a plan counts in the version that it is written for, and an embedding run drops its last batch", () => {
  const sft = (transformers: string) =>
    planOf({ answers: { model: "llama-2-7b", gpu: "h100", gpus: 1, samples: 11, epochs: 2, microBatch: 1, gradAccum: 4, warmupSteps: 0, transformers, targets: ["hf"] } }).length;
  expect([sft("4.51.3"), sft("4.52.0")]).toMatchObject([{ stepsPerEpoch: 2, total: 4 }, { stepsPerEpoch: 3, total: 6 }]);
  const embedding = planOf({ answers: { model: "bge-m3", gpu: "h100", gpus: 1, samples: 21, epochs: 2, microBatch: 2, gradAccum: 1 } }).length;
  expect(embedding).toMatchObject({ stepsPerEpoch: 10, total: 20 });
});
