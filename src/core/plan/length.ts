import { message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import { steps } from "../units.ts";
import type { Version } from "../version.ts";
import type { Batch, Length, Task } from "./plan.ts";
import { decide, type Findings, refuse } from "./problem.ts";
import { stepsPerEpoch, totalSteps } from "./steps.ts";

/** Epochs of an SFT where nobody said: what most shipped recipes use. */
const SFT_EPOCHS = 3;

export function resolveLength(
  answers: Answers,
  task: Task,
  batch: Batch,
  transformers: Version,
  findings: Findings,
): Length {
  if (answers.maxSteps !== undefined) {
    if (answers.epochs !== undefined) {
      refuse(findings, ["maxSteps", "epochs"], message("problem.twoLengths"), message("instead.oneLength"));
    }
    return { kind: "max-steps", total: steps(answers.maxSteps) };
  }
  const epochs = answers.epochs ?? (task.kind === "embedding" ? task.embedder.epochs : SFT_EPOCHS);
  if (answers.epochs === undefined) decide(findings, "epochs", epochs, message("because.epochs"));
  const packed = task.kind === "sft" && task.packing;
  if (answers.samples === undefined || packed) {
    if (packed && answers.samples !== undefined) findings.notes.push(message("note.samplesPacked"));
    return { kind: "epochs", epochs };
  }
  const perEpoch = stepsPerEpoch(answers.samples, batch, transformers, task.kind === "embedding");
  const total = totalSteps(epochs, perEpoch);
  decide(
    findings,
    "totalSteps",
    total,
    message("because.totalSteps", { epochs, perEpoch, samples: answers.samples, global: batch.global }),
    "huggingface/transformers src/transformers/trainer.py",
  );
  return { kind: "counted", epochs, samples: answers.samples, stepsPerEpoch: perEpoch, total };
}
