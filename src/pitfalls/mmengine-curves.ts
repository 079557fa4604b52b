import type { SchedulerEntry, TrainLoop } from "../engines/mmengine-config.ts";
import { mmengineRun } from "../engines/mmengine.ts";
import type { Job } from "../jobs/job.ts";
import type { Doc } from "../readers/tree.ts";
import type { Curves } from "./pitfall.ts";
import { schedulerPaths, typeName } from "./tools.ts";

/** Batches in an epoch of a run whose data is not at hand, at least. */
const EPOCH = 100;

/** A longer run is not computed step by step for a drawing. */
const LONGEST = 100_000;

/** A scheduler's arguments but one. */
export const without = (entry: Written, name: string): Written =>
  Object.fromEntries(Object.entries(entry).filter(([key]) => key !== name));

/** A scheduler's arguments as they were written, by name. */
export type Written = Readonly<Record<string, unknown>>;

/**
 * What mmengine runs with the schedulers that are meant, and with those of the file, an iteration a step; undefined where
 * the file doesn't tell enough, or a run would stop. `mend` gets each scheduler's arguments and its place in the list.
 */
export function mmengineCurves(job: Job, mend: (entry: Written, index: number) => Written): Curves | undefined {
  const { xtuner } = job;
  if (xtuner === null) return undefined;
  const { doc } = xtuner;
  const lr = doc.number("optim_wrapper.optimizer.lr");
  const entries = schedulerPaths(doc).map((path) => entryOf(doc, path));
  const epochLength = epochOf(doc, entries);
  const loop = loopOf(doc, epochLength);
  if (lr === undefined || loop === null || entries.includes(null)) return undefined;
  const written = entries as readonly Written[];
  const run = (schedulers: readonly Written[]): Float64Array | null => {
    const { rates, failure } = mmengineRun({
      lr,
      param_scheduler: schedulers as unknown as readonly SchedulerEntry[],
      train_cfg: loop,
      epochLength,
    });
    return failure === null ? rates : null;
  };
  const [asked, runs] = [run(written.map(mend)), run(written)];
  if (asked === null || runs === null || runs.length < 2) return undefined;
  return { total: runs.length, asked: (step) => asked[step] ?? 0, runs: (step) => runs[step] ?? 0 };
}

/** Batches in an epoch: where schedulers count iterations, as many as bring the run to their end. */
function epochOf(doc: Doc, entries: readonly (Written | null)[]): number {
  const ends = entries.map((entry) => (entry?.["by_epoch"] === false ? Number(entry["end"] ?? 0) : 0));
  return Math.max(EPOCH, Math.ceil(Math.max(0, ...ends) / (doc.number("train_cfg.max_epochs") ?? 1)));
}

function loopOf(doc: Doc, epochLength: number): TrainLoop | null {
  const [iters, epochs] = [doc.number("train_cfg.max_iters"), doc.number("train_cfg.max_epochs")];
  const length = iters ?? (epochs ?? 0) * epochLength;
  if (!Number.isInteger(length) || length < 2 || length > LONGEST) return null;
  const type =
    typeName(doc, "train_cfg.type") ?? (doc.value("train_cfg.by_epoch") === true ? "EpochBasedTrainLoop" : "");
  if (type === "TrainLoop") return { type, max_iters: iters, max_epochs: iters === undefined ? epochs : undefined };
  if (type === "IterBasedTrainLoop" && iters !== undefined) return { type, max_iters: iters };
  return type === "EpochBasedTrainLoop" && epochs !== undefined ? { type, max_epochs: epochs } : null;
}

/** The classes whose arguments are plain numbers. */
const PLAIN = /^(?:ConstantLR|CosineAnnealingLR|ExponentialLR|LinearLR|PolyLR)$/;

function entryOf(doc: Doc, path: string): Written | null {
  const type = typeName(doc, `${path}.type`);
  if (type === null || !PLAIN.test(type)) return null;
  const read: Record<string, unknown> = {};
  for (const { key, value } of doc.entries(path)) {
    if (key === "type") continue;
    if (value.kind !== "scalar" || (typeof value.value !== "number" && typeof value.value !== "boolean")) return null;
    read[key] = value.value;
  }
  return { ...read, type };
}
