import { message } from "../../messages/message.ts";
import { flagOf, writeFlag } from "../questions/define.ts";
import type { Answers, Key } from "../questions/table.ts";
import type { Plan } from "./plan.ts";
import type { Problem } from "./problem.ts";

/** The answers for the same training on other hardware, or why there are none. */
export type Rescaled =
  { readonly ok: true; readonly answers: Answers } | { readonly ok: false; readonly problem: Problem };

/** What describes the hardware; a new count of GPUs takes the old nodes back. */
const hardwareKeys = ["gpus", "nodes", "gpu", "gpuMemory", "hostMemory"] as const satisfies readonly Key[];

/** Whether flags ask for other hardware and for nothing of the batch: the training is to stay as it is. */
export const changesHardware = (flags: Answers): boolean =>
  hardwareKeys.some((key) => flags[key] !== undefined) &&
  flags.globalBatch === undefined &&
  flags.microBatch === undefined &&
  flags.gradAccum === undefined;

/**
 * The answers that keep a job's training on other hardware: its global batch, peak learning rate and length are said, and
 * micro batch and accumulation are solved again. Where the batch does not divide over the new GPUs, the nearest batches
 * that do are offered; AdamW's learning rate goes with the square root of the batch (Malladi et al. 2022, arXiv 2205.10287).
 */
export function rescale(before: Plan, answers: Answers, flags: Answers): Rescaled {
  const { batch, schedule, length } = before;
  const { microBatch: _, gradAccum: __, ...kept } = answers;
  const world = answers.gpus ?? batch.world;
  const nodes = flags.gpus !== undefined && flags.nodes === undefined ? { nodes: undefined } : {};
  const same = defined({ ...kept, ...nodes, globalBatch: batch.global, lr: flags.lr ?? schedule.peakLr });
  if (batch.global % world === 0) return { ok: true, answers: same };
  const below = Math.floor(batch.global / world) * world;
  const steps = length.kind === "epochs" ? null : length.total;
  const offers = [below, below + world]
    .filter((global) => global > 0)
    .map((global) => {
      const lr = Number((schedule.peakLr * Math.sqrt(global / batch.global)).toPrecision(3));
      // The same number of samples in fewer or more steps.
      const total =
        length.kind === "max-steps" && steps !== null ? Math.max(1, Math.round((steps * batch.global) / global)) : null;
      return `--${flagOf("globalBatch")} ${global} --lr ${writeFlag(lr)}${total === null ? "" : ` --${flagOf("maxSteps")} ${total}`}`;
    });
  return {
    ok: false,
    problem: {
      at: ["gpus", "globalBatch"],
      message: message("regenerate.batchImpossible", { global: batch.global, world }),
      instead: message("regenerate.nearest", { flags: offers.join(", ") }),
    },
  };
}

const defined = (answers: { readonly [K in Key]?: Answers[K] | undefined }): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined)) as Answers;
