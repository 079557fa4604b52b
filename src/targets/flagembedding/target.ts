import { quotePath, quoteShell } from "../../core/print/shell.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { hfDeepSpeedConfig } from "../deepspeed/config.ts";
import { launch } from "../launchers/launch.ts";
import { launcherFiles, launchScript, startCommand } from "../launchers/script.ts";
import { requirements } from "../requirements.ts";
import { json, type Part, type Style, text } from "../target.ts";
import { type EmbeddingArgument, embeddingArguments } from "./arguments.ts";

/** FlagEmbedding's own entry point for the model, its arguments, and a DeepSpeed file without a scheduler of its own. */
export function flagEmbeddingTarget(plan: Plan, style: Style): Part {
  if (plan.task.kind !== "embedding") throw new Error("FlagEmbedding trains embedders; the plan refuses this target");
  const lines = embeddingArguments(plan).map(argumentLine);
  const module = `FlagEmbedding.finetune.${plan.task.embedder.entry}`;
  const start = launch(plan, { kind: "module", name: module }, [...lines, `--deepspeed "$here"/ds_config.json`]);
  return {
    files: [
      json("ds_config.json", hfDeepSpeedConfig(plan), style),
      launchScript("launch.sh", plan, start, style),
      ...launcherFiles(plan),
      text("requirements.txt", requirements(plan, style.language)),
    ],
    launches: [startCommand(quotePath(plan.name), "launch.sh", start)],
  };
}

/** argparse takes a word that begins with a dash for a flag, unless it stands behind an equals sign. */
function argumentLine({ flag, values }: EmbeddingArgument): string {
  const [first = ""] = values;
  return values.length === 1 && first.startsWith("-")
    ? `${flag}=${quoteShell(first)}`
    : [flag, ...values.map(quoteShell)].join(" ");
}
