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

/** What the engine did: what it raised, and the rate in each iteration. */
interface Outcome {
  readonly error: string | null;
  readonly rates: readonly number[];
}

/** A form that people write, and by what it is known on the engine. */
export interface KnownForm {
  readonly name: string;
  readonly job: Case;
  readonly symptom: (outcome: Outcome) => boolean;
}

const ratio = 0.03;
const epochsOf = (max_epochs: number): TrainLoop => ({ type: "TrainLoop", max_epochs });
const converted = { by_epoch: true, convert_to_iter_based: true } as const;

/** XTuner's own form since 0.1.14. */
const stock = (epochLength: number, max_epochs = 3): Case => ({
  lr: 1,
  param_scheduler: [
    { type: "LinearLR", start_factor: 1e-5, begin: 0, end: ratio * max_epochs, ...converted },
    { type: "CosineAnnealingLR", eta_min: 0, begin: ratio * max_epochs, end: max_epochs, ...converted },
  ],
  train_cfg: epochsOf(max_epochs),
  epochLength,
  accumulation: 1,
});

/** XTuner's form up to 0.1.13: the length of the cosine, but no end. */
const withoutEnd = (loop: TrainLoop): Case => ({
  ...stock(100),
  param_scheduler: [
    { type: "LinearLR", start_factor: 1e-5, begin: 0, end: ratio * 3, ...converted },
    { type: "CosineAnnealingLR", eta_min: 0, begin: ratio * 3, T_max: 3, ...converted },
  ],
  train_cfg: loop,
});

const iterations = (max_iters: number, ...param_scheduler: readonly SchedulerEntry[]): Case => ({
  lr: 1,
  param_scheduler: param_scheduler.map((entry) => ({ by_epoch: false, ...entry })),
  train_cfg: { type: "TrainLoop", max_iters },
  epochLength: 100,
  accumulation: 1,
});

const near = (value: number | undefined, expected: number, within = 5e-4): boolean =>
  value !== undefined && Math.abs(value - expected) < within;
const peakOf = (rates: readonly number[]): number => Math.max(...rates);

export const knownForms: readonly KnownForm[] = [
  {
    name: "the stock form where an epoch is long enough: a warm-up, and a cosine to its end",
    job: stock(100),
    symptom: ({ error, rates }) => error === null && peakOf(rates) === 1 && near(rates[299], 2.914e-5, 1e-8),
  },
  {
    name: "the stock form with a warm-up of no iteration: it stops",
    job: stock(11),
    symptom: ({ error }) => error === "ValueError",
  },
  {
    name: "the stock form with a warm-up of one iteration: the rate stays at 1e-5 of what was asked",
    job: stock(15),
    symptom: ({ error, rates }) => error === null && peakOf(rates) <= 1.0001e-5,
  },
  {
    name: "T_max without end in XTuner's loop: the rate stands still after one epoch",
    job: withoutEnd(epochsOf(3)),
    symptom: ({ rates }) => rates.length === 300 && new Set(rates.slice(99)).size === 1 && near(rates[299], 0.7939),
  },
  {
    name: "T_max without end in the epoch-based loop: the cosine is longer than its window",
    job: withoutEnd({ type: "EpochBasedTrainLoop", max_epochs: 3 }),
    symptom: ({ rates }) => near(rates[299], 2.74e-3, 1e-5),
  },
  {
    name: "by_epoch without conversion in XTuner's loop: never stepped",
    job: { ...stock(100), param_scheduler: [{ type: "CosineAnnealingLR", eta_min: 0, begin: 0, end: 3 }] },
    symptom: ({ rates }) => rates.length === 300 && new Set(rates).size === 1,
  },
  {
    name: "by_epoch without conversion in the epoch-based loop: one rate an epoch",
    job: {
      ...stock(100),
      param_scheduler: [{ type: "CosineAnnealingLR", eta_min: 0, begin: 0, end: 3 }],
      train_cfg: { type: "EpochBasedTrainLoop", max_epochs: 3 },
    },
    symptom: ({ rates }) => new Set(rates).size === 3,
  },
  {
    name: "conversion beside by_epoch=False: it stops",
    job: iterations(10, { type: "CosineAnnealingLR", convert_to_iter_based: true }),
    symptom: ({ error }) => error === "AssertionError",
  },
  {
    name: "overlapping windows: they compound, and the peak is never reached",
    job: iterations(
      300,
      { type: "LinearLR", start_factor: 1e-5, begin: 0, end: 50 },
      { type: "CosineAnnealingLR", eta_min: 0, begin: 0, end: 300 },
    ),
    symptom: ({ rates }) => near(peakOf(rates), 0.936, 1e-3),
  },
  {
    name: "a gap: the last value holds in it",
    job: iterations(
      300,
      { type: "LinearLR", start_factor: 0.1, begin: 0, end: 10 },
      { type: "CosineAnnealingLR", eta_min: 0, begin: 200, end: 300 },
    ),
    symptom: ({ rates }) => rates[9] !== undefined && new Set(rates.slice(9, 201)).size === 1,
  },
  {
    name: "a start factor of 0: it stops at the second step",
    job: iterations(10, { type: "LinearLR", start_factor: 0, begin: 0, end: 5 }),
    symptom: ({ error, rates }) => error === "ZeroDivisionError" && rates.length === 1,
  },
  {
    name: "OneCycleLR past its total_steps: it stops on the way",
    job: iterations(30, { type: "OneCycleLR", eta_max: 1, total_steps: 10 }),
    symptom: ({ error, rates }) => error === "ValueError" && rates.length === 11,
  },
  {
    name: "OneCycleLR takes its own peak, whatever the optimizer has",
    job: iterations(30, { type: "OneCycleLR", eta_max: 0.5, total_steps: 30 }),
    symptom: ({ error, rates }) => error === null && near(rates[0], 0.02) && near(peakOf(rates), 0.5),
  },
  {
    name: "a window of LinearLR that ends at the peak's epoch alone: 1/3 of the rate by default",
    job: iterations(5, { type: "ConstantLR", end: 1 }),
    symptom: ({ rates }) => near(rates[4], 1 / 3, 1e-12),
  },
  {
    name: "eta_min above a frozen warm-up: the rate rises to it",
    job: {
      ...stock(15),
      param_scheduler: stock(15).param_scheduler.map((entry) =>
        entry.type === "CosineAnnealingLR" ? { ...entry, eta_min: 0.1 } : entry,
      ),
    },
    symptom: ({ rates }) => (rates.at(-1) ?? 0) > 0.09 && (rates[0] ?? 1) < 1e-4,
  },
  {
    name: "half an epoch that is no whole number of iterations: it stops",
    job: { ...stock(101), train_cfg: epochsOf(0.5) },
    symptom: ({ error }) => error === "AssertionError",
  },
  {
    name: "restarts of half iterations: the rate is never put back",
    job: iterations(20, {
      type: "CosineRestartLR",
      periods: [2.5, 2.5, 5],
      restart_weights: [1, 1, 1],
      eta_min: 0,
      begin: 0,
      end: 10,
    }),
    symptom: ({ rates }) => rates.slice(3).every((rate) => rate !== 1) || rates.slice(3, 5).every((rate) => rate < 1),
  },
];
