import { environments } from "../catalog/requirements.ts";
import { type Language, message, say } from "../messages/message.ts";
import type { Plan } from "../core/plan/plan.ts";
import { atLeast, showVersion } from "../core/version.ts";
import { commentLines } from "../core/print/comment.ts";

/** `requirements.txt` of the Trainer or of FlagEmbedding: the versions that the files were written for, exactly. */
export function requirements(plan: Plan, language: Language): string {
  const { versions } = plan;
  const environment = environments.find((row) => atLeast(versions.transformers, row.since)) ?? environments.at(-1);
  const embedding = plan.task.kind === "embedding";
  const remote = plan.model.family.loading.kind === "remote-code";
  return text(language, "requirements.hf", [
    ...(embedding ? [`FlagEmbedding==${showVersion(versions.flagembedding)}`] : []),
    `transformers==${showVersion(versions.transformers)}`,
    `deepspeed==${showVersion(versions.deepspeed)}`,
    ...(environment === undefined ? [] : [`accelerate==${environment.accelerate}`, ...environment.more]),
    ...(environment !== undefined && plan.method.kind !== "full" ? [`peft==${environment.peft}`] : []),
    ...(plan.method.kind === "qlora" ? ["bitsandbytes"] : []),
    ...(plan.liger ? ["liger-kernel"] : []),
    ...(plan.task.kind === "sft" && plan.task.packing ? ["flash-attn"] : []),
    // What the remote code of the first Qwen imports: QwenLM/Qwen requirements.txt.
    ...(remote && plan.model.family.id === "qwen"
      ? ["tiktoken", "einops", "transformers_stream_generator==0.0.4", "scipy"]
      : []),
  ]);
}

/** What XTuner 0.1 was trained with; its own bounds are open upwards, and transformers 5 breaks its imports. */
const XTUNER_01 = ["transformers==4.44.2", "deepspeed==0.15.4", "accelerate==0.33.0", "peft==0.12.0"];

/** `requirements.xtuner.txt`: XTuner 0.2 pins transformers and DeepSpeed itself, so only XTuner is named. */
export function xtunerRequirements(plan: Plan, language: Language): string {
  const { xtuner } = plan.versions;
  const version = showVersion(xtuner);
  // 1.x is not in the package index, and does not declare more_itertools.
  if (xtuner[0] >= 1) {
    const lines = [`xtuner @ git+https://github.com/InternLM/xtuner@v${version}`, "more_itertools", "flash-attn"];
    return text(language, "requirements.xtuner", lines);
  }
  const own = `xtuner[deepspeed]==${version}`;
  return atLeast(xtuner, "0.2.0")
    ? text(language, "requirements.xtuner", [own])
    : text(language, "requirements.xtuner01", [own, ...XTUNER_01]);
}

function text(
  language: Language,
  comment: "requirements.hf" | "requirements.xtuner" | "requirements.xtuner01",
  lines: readonly string[],
): string {
  return `${[commentLines(say(language, message(comment))), ...lines].join("\n")}\n`;
}
