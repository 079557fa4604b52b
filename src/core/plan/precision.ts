import { message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import type { Hardware, ModelPlan, Precision } from "./plan.ts";
import { decide, type Findings, refuse } from "./problem.ts";

/** 2^12 = 4096: low enough that the search for a loss scale does not hold the learning rate at 0 for long. */
const INITIAL_SCALE_POWER = 12;

export function resolvePrecision(
  answers: Answers,
  model: ModelPlan,
  hardware: Hardware,
  findings: Findings,
): Precision {
  const card = hardware.card.kind === "listed" ? hardware.card.gpu.name : null;
  const asked = answers.precision ?? "auto";
  if (asked === "bf16" && !hardware.bf16) {
    refuse(
      findings,
      ["precision", "gpu"],
      message("problem.noBf16", { gpu: card ?? answers.gpu ?? "" }),
      message("instead.flag", { flag: "--precision fp16" }),
    );
  }
  const kind = asked === "auto" ? (hardware.bf16 ? "bf16" : "fp16") : asked;
  if (asked === "auto" && card !== null) {
    decide(
      findings,
      "precision",
      kind,
      message(kind === "bf16" ? "because.bf16" : "because.fp16", { gpu: card }),
      "NVIDIA: bf16 from compute capability 8.0",
    );
  }
  if (kind !== "fp16") return { kind };
  if (model.family.publishedDtype === "bfloat16") findings.notes.push(message("note.fp16OnBf16Model"));
  return { kind, initialScalePower: INITIAL_SCALE_POWER };
}
