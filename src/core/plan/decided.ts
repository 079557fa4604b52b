import type { Key } from "../questions/table.ts";
import type { Plan } from "./plan.ts";

/** What a plan settled on, as an answer: the default that the wizard offers for a question nobody has answered yet. */
export function decidedAnswer(plan: Plan, key: Key): string | number | undefined {
  switch (key) {
    case "method":
      return plan.method.kind;
    case "precision":
      return plan.precision.kind;
    case "zero":
      return plan.zero.stage;
    case "scheduler":
      return plan.schedule.shape.name;
    case "seqLen":
      return plan.task.kind === "sft" ? plan.task.seqLen : undefined;
    case "passageMaxLen":
      return plan.task.kind === "embedding" ? plan.task.passageMaxLen : undefined;
    case "globalBatch":
      return plan.batch.global;
    case "data":
      return plan.data;
    default:
      return undefined;
  }
}
