import type { SchedulerEntry, TrainLoop } from "../../../src/engines/mmengine-config.ts";
import type { Case } from "./mmengine-jobs.ts";

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
    name: "ConstantLR over one iteration: a third of the rate, and never put back",
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
