import { describe, expect, test } from "vitest";
import { type MmJob, mmengineRun, updateIterations } from "../../src/engines/mmengine.ts";
import type { SchedulerEntry, TrainLoop } from "../../src/engines/mmengine-config.ts";
import { xtunerRate } from "../../src/engines/xtuner.ts";

const job = (train_cfg: TrainLoop, ...param_scheduler: readonly SchedulerEntry[]): MmJob => ({
  lr: 1,
  param_scheduler,
  train_cfg,
  epochLength: 100,
});
const threeEpochs: TrainLoop = { type: "TrainLoop", max_epochs: 3 };
const converted = { by_epoch: true, convert_to_iter_based: true } as const;
const raisedBy = (each: MmJob): unknown => {
  const { failure } = mmengineRun(each);
  return failure === null ? null : [failure.at, failure.error.raises];
};

describe("what mmengine makes of a config, as it was measured on its runners", () => {
  test("ends a cosine without `end` after one epoch of a loop that counts iterations, and after all of one that counts epochs", () => {
    const old = [
      { type: "LinearLR", start_factor: 1e-5, begin: 0, end: 0.09, ...converted },
      { type: "CosineAnnealingLR", eta_min: 0, begin: 0.09, T_max: 3, ...converted },
    ] as const;
    const frozen = mmengineRun(job(threeEpochs, ...old)).rates;
    expect(new Set(frozen.slice(99)).size).toBe(1);
    expect(frozen[299]).toBeCloseTo(0.7939, 4);
    expect(mmengineRun(job({ type: "EpochBasedTrainLoop", max_epochs: 3 }, ...old)).rates[299]).toBeCloseTo(2.74e-3, 5);
  });

  test("never steps what counts epochs in a loop that counts iterations, and once an epoch in the other", () => {
    const byEpoch: SchedulerEntry = { type: "CosineAnnealingLR", eta_min: 0, end: 3 };
    expect(new Set(mmengineRun(job(threeEpochs, byEpoch)).rates)).toEqual(new Set([1]));
    const steps = [...new Set(mmengineRun(job({ type: "EpochBasedTrainLoop", max_epochs: 3 }, byEpoch)).rates)];
    expect(steps.map((rate) => Number(rate.toFixed(12)))).toEqual([1, 0.75, 0.25]);
  });

  test("fills the end of what counts iterations with the length of the loop", () => {
    const { rates } = mmengineRun(
      job(threeEpochs, { type: "CosineAnnealingLR", eta_min_ratio: 0.1, by_epoch: false, begin: 9 }),
    );
    expect([rates[9], rates.length]).toEqual([1, 300]);
    expect(rates[299]).toBeCloseTo(0.1, 4);
  });

  test("cuts epochs down to whole iterations, float error included: 0.29 of 100 are 28", () => {
    const { rates } = mmengineRun(job(threeEpochs, { type: "ConstantLR", factor: 0.5, end: 0.29, ...converted }));
    expect(rates.indexOf(1)).toBe(27);
  });

  test("says what is refused, where, and with which exception", () => {
    expect(raisedBy(job({ type: "TrainLoop" }))).toEqual(["loop", "RuntimeError"]);
    expect(raisedBy(job({ type: "TrainLoop", max_epochs: 0.333 }))).toEqual(["loop", "AssertionError"]);
    expect(raisedBy(job(threeEpochs, { type: "LinearLR", begin: 0, end: 0.009, ...converted }))).toEqual([
      "scheduler",
      "ValueError",
    ]);
    expect(raisedBy(job(threeEpochs, { type: "LinearLR", by_epoch: false, convert_to_iter_based: true }))).toEqual([
      "scheduler",
      "AssertionError",
    ]);
    expect(raisedBy(job(threeEpochs, { type: "CosineRestartLR", periods: [3] }))).toEqual([
      "scheduler",
      "AssertionError",
    ]);
    expect(raisedBy(job(threeEpochs, { type: "LinearLR", start_factor: 0, by_epoch: false }))).toEqual([
      "iteration",
      "ZeroDivisionError",
    ]);
    const past = mmengineRun(job(threeEpochs, { type: "OneCycleLR", eta_max: 1, total_steps: 10, by_epoch: false }));
    expect(past.failure).toMatchObject({ at: "iteration", index: 0, iteration: 10, error: { raises: "ValueError" } });
    expect(past.rates).toHaveLength(11);
  });

  test("updates at the end of each group; what is left over is an update of mmengine's, and dropped by DeepSpeed", () => {
    expect(updateIterations(7, 3, "mmengine")).toEqual([2, 5, 6]);
    expect(updateIterations(7, 3, "deepspeed")).toEqual([2, 5]);
    expect(updateIterations(6, 3, "mmengine")).toEqual(updateIterations(6, 3, "deepspeed"));
  });
});

describe("what XTuner 1.x makes of its LRConfig, as it was measured on torch's classes", () => {
  const at = (config: Parameters<typeof xtunerRate>[0], k: number): number | string => {
    const rate = xtunerRate(config, 1, 10);
    return rate.ok ? rate.value(k) : rate.error.raises;
  };

  test("divides by nothing where the warm-up is as long as the run", () => {
    expect(at({ lr_type: "cosine", warmup_ratio: 10, lr_min: 0 }, 0)).toBe("ZeroDivisionError");
    expect(at({ lr_type: "constant", warmup_ratio: 10, lr_min: 0 }, 9)).toBe(0.9);
    expect(at({ lr_type: "cosine", warmup_ratio: 20, lr_min: 0 }, 9)).toBe(0.45);
  });

  test("refuses to rise in a straight line, and rises in a cosine", () => {
    expect(at({ lr_type: "linear", warmup_ratio: 0, lr_min: 2 }, 0)).toBe("ValueError");
    expect(at({ lr_type: "cosine", warmup_ratio: 0, lr_min: 2 }, 5)).toBe(1.5);
  });
});
