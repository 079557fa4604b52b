import { message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import { atLeast, type Version } from "../version.ts";
import type { ModelPlan, Task } from "./plan.ts";
import { type Findings, refuse } from "./problem.ts";

/** Whether Liger's kernels can stand in for a model's own. Source: huggingface/transformers training_args.py, `use_liger_kernel`, from 4.45 on. */
export const canUseLiger = (model: ModelPlan, task: Task, transformers: Version): boolean =>
  task.kind === "sft" && model.family.liger && atLeast(transformers, "4.45");

/** Liger only where it was asked for: it is a package of its own to install. */
export function resolveLiger(
  answers: Answers,
  model: ModelPlan,
  task: Task,
  transformers: Version,
  findings: Findings,
): boolean {
  if (answers.liger !== true || task.kind === "embedding") return false;
  if (!canUseLiger(model, task, transformers)) {
    refuse(
      findings,
      ["liger", "model"],
      message("problem.noLiger", { model: model.label }),
      message("instead.dropFlag", { flag: "--liger" }),
    );
  }
  return true;
}
