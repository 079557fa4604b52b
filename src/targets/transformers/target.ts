import template from "../../../templates/hf/train.py.hbs";
import { render } from "../../core/print/render.ts";
import { quotePath } from "../../core/print/shell.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { hfDeepSpeedConfig } from "../deepspeed/config.ts";
import { launch } from "../launchers/launch.ts";
import { launcherFiles, launchScript, startCommand } from "../launchers/script.ts";
import { requirements } from "../requirements.ts";
import { header, json, type Part, type Style, text } from "../target.ts";
import { trainingArguments } from "./arguments.ts";
import { trainContext } from "./train.ts";

/** Hugging Face's Trainer with DeepSpeed: its two configs, the program, and what starts it. */
export function hfTarget(plan: Plan, style: Style): Part {
  const start = launch(plan, { kind: "script", file: "train.py" }, []);
  return {
    files: [
      json("ds_config.json", hfDeepSpeedConfig(plan), style),
      json("training_args.json", trainingArguments(plan), style),
      text("train.py", render(template, trainContext(plan, style.language, header(style.language)))),
      launchScript("launch.sh", plan, start, style),
      ...launcherFiles(plan),
      text("requirements.txt", requirements(plan, style.language)),
    ],
    launches: [startCommand(quotePath(plan.name), "launch.sh", start)],
  };
}
