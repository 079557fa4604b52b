import fc from "fast-check";
import type { MmJob } from "../../../src/engines/mmengine.ts";
import type { SchedulerEntry, TrainLoop } from "../../../src/engines/mmengine-config.ts";

/** A job for the runner, and the accumulation that its updates are counted with. */
export interface Case extends MmJob {
  readonly accumulation: number;
}

const optional = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(values, { nil: undefined });

/** Mostly values that work; each run that stops says little about rates. */
const mostly = <Value>(usual: readonly Value[], broken: readonly Value[]): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.constantFrom(...broken) });

const factor = mostly([1e-8, 1e-5, 0.1, 1 / 3, 0.5, 1], [0, 1.5, -0.1]);
const floors = {
  floor: mostly<readonly ("eta_min" | "eta_min_ratio")[]>(
    [["eta_min"], ["eta_min_ratio"]],
    [[], ["eta_min", "eta_min_ratio"]],
  ),
  eta_min: fc.constantFrom(0, 1e-7, 1e-6, 0.1),
  eta_min_ratio: fc.constantFrom(0, 0.1, 0.5),
};

function withFloor<Entry extends { floor: readonly string[]; eta_min: number; eta_min_ratio: number }>({
  floor,
  eta_min,
  eta_min_ratio,
  ...rest
}: Entry) {
  return {
    ...rest,
    ...(floor.includes("eta_min") ? { eta_min } : {}),
    ...(floor.includes("eta_min_ratio") ? { eta_min_ratio } : {}),
  };
}

/** Classes by the shares of configs that use them; the values are those that people write, and those that break. */
const classes: fc.Arbitrary<SchedulerEntry> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("LinearLR" as const),
      start_factor: optional(factor),
      end_factor: fc.option(factor, { nil: undefined, freq: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({
        type: fc.constant("CosineAnnealingLR" as const),
        T_max: fc.option(fc.constantFrom(0, 1, 2, 3, 10, 27, 100), { nil: undefined, freq: 2 }),
        ...floors,
      })
      .map(withFloor),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("ConstantLR" as const), factor: optional(factor) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("ExponentialLR" as const), gamma: fc.constantFrom(0.9, 0.5, 1, 1.1, 0) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("MultiStepLR" as const),
      milestones: fc.array(fc.nat(30), { maxLength: 4 }),
      gamma: optional(fc.constantFrom(0.1, 0.5, 2)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("StepLR" as const),
      step_size: mostly([1, 2, 5, 30], [0]),
      gamma: optional(fc.constantFrom(0.1, 0.5)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("PolyLR" as const),
      power: optional(fc.constantFrom(1, 0.9, 2, 0, -1, 0.5)),
      eta_min: optional(fc.constantFrom(0, 1e-6, 0.1)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("OneCycleLR" as const),
      eta_max: optional(fc.constantFrom(1, 1e-3, 2e-5, 0)),
      total_steps: optional(mostly([30, 100, 1000], [1, 2, 10, 0, -3, 2.5])),
      pct_start: optional(mostly([0.3, 0.1, 0.5, 0.25], [1.5, -0.1])),
      anneal_strategy: optional(fc.constantFrom("cos" as const, "linear" as const)),
      div_factor: optional(mostly([10, 1], [0])),
      final_div_factor: optional(mostly([100, 1], [0])),
      three_phase: optional(fc.boolean()),
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        type: fc.constant("CosineRestartLR" as const),
        cycles: fc.array(fc.tuple(fc.constantFrom(1, 2, 3, 10, 33, 2.5), fc.constantFrom(1, 0.5, 2)), {
          minLength: 1,
          maxLength: 4,
        }),
        weights: mostly(["each"], ["one", "default"]),
        ...floors,
      })
      .map(withFloor)
      .map(({ cycles, weights, ...entry }) => ({
        ...entry,
        periods: cycles.map(([period]) => period),
        ...(weights === "default"
          ? {}
          : { restart_weights: cycles.slice(0, weights === "one" ? 1 : 4).map(([, weight]) => weight) }),
      })),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("ReduceOnPlateauLR" as const), factor: optional(mostly([0.5], [1])) }),
  },
);

const INF = 1e9;
const edges = {
  epochs: { begins: mostly([0, 0.03, 0.09, 0.29, 1], [-1, 3]), ends: mostly([0.57, 1, 2, 3, INF], [0, 0.03, 0.09]) },
  iterations: {
    begins: mostly([0, 1, 2, 9, 15], [-1, 2.5, 60]),
    ends: mostly([10, 15, 29, 30, 60, 100, INF], [0, 1, 2.5]),
  },
};

/** How an entry counts; `both` is what mmengine refuses. */
const countings = mostly<"converts" | "epochs" | "iterations" | "both">(["converts", "epochs", "iterations"], ["both"]);

/** An entry with a window: whole or broken, with gaps and overlaps as they fall. */
const entries: fc.Arbitrary<SchedulerEntry> = fc.tuple(classes, countings).chain(([entry, counting]) => {
  const { begins, ends } = counting === "iterations" || counting === "both" ? edges.iterations : edges.epochs;
  return fc.tuple(optional(begins), optional(ends)).map(([begin, end]) => ({
    ...entry,
    begin,
    end,
    ...{
      converts: { by_epoch: true, convert_to_iter_based: true },
      epochs: {},
      iterations: { by_epoch: false },
      both: { by_epoch: false, convert_to_iter_based: true },
    }[counting],
  }));
});

const loops: fc.Arbitrary<TrainLoop> = fc.oneof(
  fc.record({ type: fc.constant("TrainLoop" as const), max_epochs: mostly([1, 2, 3], [0.5, 0.1]) }),
  fc.record({ type: fc.constant("TrainLoop" as const), max_iters: mostly([1, 2, 30, 101], [2.5]) }),
  fc.record({ type: fc.constant("IterBasedTrainLoop" as const), max_iters: mostly([1, 30, 100], [2.5]) }),
  fc.record({ type: fc.constant("EpochBasedTrainLoop" as const), max_epochs: mostly([1, 2, 3], [2.5]) }),
);

/** XTuner's loop takes one of its two lengths. */
const wrongLoops: fc.Arbitrary<TrainLoop> = fc.constantFrom(
  { type: "TrainLoop" },
  { type: "TrainLoop", max_iters: 10, max_epochs: 1 },
);

/** Jobs of which some run as asked, some run wrong, and some stop; the model has to say which, and how. */
export const anyCases: fc.Arbitrary<Case> = fc.record({
  lr: fc.constantFrom(1, 1e-5, 2e-4),
  param_scheduler: fc.array(entries, { minLength: 0, maxLength: 3 }),
  train_cfg: fc.oneof({ weight: 40, arbitrary: loops }, { weight: 1, arbitrary: wrongLoops }),
  epochLength: fc.constantFrom(1, 2, 10, 15, 22, 33),
  accumulation: fc.constantFrom(1, 2, 16),
});
