import { message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import type { Batch } from "./plan.ts";
import { decide, type Findings, refuse } from "./problem.ts";

/** What `--global-batch` takes at most; a product of its parts is held to it as well. */
const LARGEST_GLOBAL = 1e9;

/** An answer of "auto" is no answer. */
const given = (value: number | "auto" | undefined): number | null =>
  value === undefined || value === "auto" ? null : value;

export interface BatchIntent {
  /** Samples per optimizer step that were asked for, or that follow from micro batch and accumulation. */
  readonly perGpu: { readonly kind: "per-gpu"; readonly samples: number } | { readonly kind: "free" };
  readonly micro: number | null;
  readonly accumulation: number | null;
}

/**
 * What the answers fix of `global = micro * accumulation * world`, checked in integers. `perGpu` is `global / world`: what
 * micro batch and accumulation have to multiply to.
 */
export function readBatch(answers: Answers, world: number, findings: Findings): BatchIntent {
  const micro = given(answers.microBatch);
  const accumulation = given(answers.gradAccum);
  const global = answers.globalBatch;
  if (global === undefined) {
    const least = (micro ?? 1) * (accumulation ?? 1) * world;
    if (least > LARGEST_GLOBAL) {
      refuse(
        findings,
        [...(micro === null ? [] : ["microBatch" as const]), ...(accumulation === null ? [] : ["gradAccum" as const])],
        message("problem.batchTooLarge", { global: least, largest: LARGEST_GLOBAL }),
        message("instead.flag", { flag: accumulation === null ? "--micro-batch 1" : "--grad-accum 1" }),
      );
    }
    return {
      perGpu:
        micro !== null && accumulation !== null ? { kind: "per-gpu", samples: micro * accumulation } : { kind: "free" },
      micro,
      accumulation,
    };
  }
  const divisor = world * (micro ?? 1) * (accumulation ?? 1);
  const exact = micro !== null && accumulation !== null;
  if (exact ? global !== divisor : global % divisor !== 0) {
    const below = Math.floor(global / divisor) * divisor;
    const values = exact ? [divisor] : [below, below + divisor].filter((value) => value > 0);
    refuse(
      findings,
      [
        "globalBatch",
        ...(micro === null ? [] : ["microBatch" as const]),
        ...(accumulation === null ? [] : ["gradAccum" as const]),
        "gpus",
      ],
      message("problem.batchEquation", { global, micro, accumulation, world }),
      message("instead.globalBatch", { values: values.join(", ") }),
    );
  }
  return { perGpu: { kind: "per-gpu", samples: Math.max(1, Math.floor(global / world)) }, micro, accumulation };
}

/** What a job of its kind usually takes per optimizer step, when nobody said. */
export interface BatchHabit {
  readonly global: number;
  readonly largestMicro: number;
}

/**
 * Solves the batch equation. `fits` says whether a micro batch fits the card; of the micro batches that divide the samples
 * per GPU, the largest power of two that fits is taken (a divisor of the rest where none is).
 */
export function solveBatch(
  intent: BatchIntent,
  world: number,
  habit: BatchHabit,
  fits: (micro: number) => boolean,
): Batch {
  if (intent.perGpu.kind === "free" && intent.micro === null && intent.accumulation !== null) {
    const { accumulation } = intent;
    const room = 2 ** Math.floor(Math.log2(Math.max(1, habit.global / world / accumulation)));
    const micro = largestFitting(room, habit.largestMicro, fits);
    return { micro, accumulation, world, global: micro * accumulation * world };
  }
  const samples =
    intent.perGpu.kind === "per-gpu"
      ? intent.perGpu.samples
      : intent.micro !== null
        ? nearestMultiple(habit.global / world, intent.micro)
        : Math.max(1, Math.round(habit.global / world));
  const micro =
    intent.micro ??
    (intent.accumulation === null
      ? largestFitting(samples, habit.largestMicro, fits)
      : Math.max(1, Math.floor(samples / intent.accumulation)));
  const accumulation = intent.accumulation ?? Math.max(1, Math.floor(samples / micro));
  return { micro, accumulation, world, global: micro * accumulation * world };
}

const nearestMultiple = (value: number, of: number): number => Math.max(1, Math.round(value / of)) * of;

function largestFitting(samples: number, largest: number, fits: (micro: number) => boolean): number {
  for (let micro = largest; micro > 1; micro /= 2) {
    if (samples % micro === 0 && fits(micro)) return micro;
  }
  return 1;
}

/** Puts down why each derived number of the equation is what it is. */
export function explainBatch(answers: Answers, batch: Batch, findings: Findings): void {
  const { micro, accumulation, world, global } = batch;
  if (answers.globalBatch === undefined) {
    decide(findings, "globalBatch", global, message("because.globalBatch", { micro, accumulation, world }));
  }
  if (given(answers.microBatch) === null) {
    const forced = answers.globalBatch !== undefined && given(answers.gradAccum) !== null;
    decide(
      findings,
      "microBatch",
      micro,
      forced ? message("because.microBatchRest", { accumulation, world, global }) : message("because.microBatch"),
    );
  }
  if (given(answers.gradAccum) === null) {
    decide(findings, "gradAccum", accumulation, message("because.gradAccum", { micro, world, global }));
  }
}
