import type { Answers, Key } from "./questions/table.ts";

/** Answers of which one excludes the others: a later layer that says one takes back what an earlier one said of the rest. */
const exclusive: readonly (readonly Key[])[] = [
  ["epochs", "maxSteps"],
  ["warmupRatio", "warmupSteps"],
  ["model", "modelSize"],
];

/** Of these three numbers two decide the third. */
export const batchKeys = ["gradAccum", "microBatch", "globalBatch"] as const satisfies readonly Key[];

/**
 * One layer of answers over another: a preset, under an answers file, under flags. Of the batch equation's three numbers
 * two decide the third; where all three would be said, the lower layer's accumulation and then its micro batch give way,
 * so that the global batch, and with it the training, stays.
 */
export function layer(lower: Answers, upper: Answers): Answers {
  const below: Record<string, unknown> = { ...lower };
  for (const group of exclusive) {
    const said = group.find((key) => upper[key] !== undefined);
    if (said !== undefined) for (const key of group) if (key !== said) delete below[key];
  }
  const merged: Record<string, unknown> = { ...below, ...upper };
  for (const key of batchKeys) {
    if (batchKeys.some((each) => merged[each] === undefined || merged[each] === "auto")) break;
    if (upper[key] === undefined) delete merged[key];
  }
  return merged as Answers;
}
