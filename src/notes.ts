import type { Plan } from "./core/plan/plan.ts";
import { curveOf, learningRate } from "./core/plan/schedule.ts";
import { trainerRunRate } from "./engines/trainer.ts";
import { type Message, message } from "./messages/message.ts";
import { hfDeepSpeedConfig } from "./targets/deepspeed/config.ts";

/** A run is compared at every step up to this many, and beyond that at as many steps spread over it. */
const COMPARED = 20_000;

/** What is worth knowing about a plan: its own notes, and by how much an engine departs from what was asked. */
export function notesOf(plan: Plan): readonly Message[] {
  const { owner } = plan.schedule;
  if (owner.kind !== "deepspeed") return plan.notes;
  if (plan.length.kind === "epochs") return [...plan.notes, message("note.deepspeedLate", { type: owner.type })];
  const { step, share } = largestDifference(plan, plan.length.total);
  return [
    ...plan.notes,
    message("note.deepspeedDiffers", {
      type: owner.type,
      percent: Number((100 * share).toPrecision(3)),
      step: step + 1,
    }),
  ];
}

/** The optimizer step (from 0) at which DeepSpeed's own schedule is farthest from the plan's, as a share of the peak. */
export function largestDifference(plan: Plan, total: number): { readonly step: number; readonly share: number } {
  const { schedule, versions } = plan;
  const { peakLr } = schedule;
  const curve = curveOf(schedule, total as Parameters<typeof curveOf>[1]);
  const rate = trainerRunRate({
    learningRate: peakLr,
    schedulerType: schedule.shape.name,
    schedulerKwargs: {},
    warmup: curve.warmup,
    total,
    optimizerBlock: null,
    schedulerBlock: hfDeepSpeedConfig(plan).scheduler ?? null,
    transformers: versions.transformers,
    deepspeed: versions.deepspeed,
  });
  if (!rate.ok) throw new Error(`the emitted scheduler block is refused: ${rate.error.says}`);
  let largest = { step: 0, share: 0 };
  const compare = (step: number): void => {
    const share = Math.abs(rate.value(step) - learningRate(curve, step)) / peakLr;
    if (share > largest.share) largest = { step, share };
  };
  const stride = Math.max(1, Math.floor(total / COMPARED));
  for (let step = 0; step < total; step += stride) compare(step);
  // Whatever the stride, where the warm-up ends the two differ most.
  for (const step of [curve.warmup - 1, curve.warmup, curve.warmup + 1]) if (stride > 1 && step < total) compare(step);
  return largest;
}
