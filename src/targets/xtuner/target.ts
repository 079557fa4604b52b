import template from "../../../templates/xtuner/config.py.hbs";
import templateV1 from "../../../templates/xtuner/config-v1.py.hbs";
import { render } from "../../core/print/render.ts";
import { quotePath } from "../../core/print/shell.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { literalDeepSpeedConfig } from "../deepspeed/config.ts";
import { type Launch, launch } from "../launchers/launch.ts";
import { launchScript, startCommand } from "../launchers/script.ts";
import { xtunerRequirements } from "../requirements.ts";
import { header, json, type Part, type Style, text } from "../target.ts";
import { xtunerContext } from "./config.ts";
import { xtunerV1Context } from "./config-v1.ts";

/** XTuner: its config, its own DeepSpeed file (0.x), and what starts it. Next to another target its files are named apart. */
export function xtunerTarget(plan: Plan, style: Style): Part {
  const alone = plan.targets.length === 1;
  const script = alone ? "launch.sh" : "launch.xtuner.sh";
  const start = plan.versions.xtuner[0] === 0 ? legacyLaunch(plan) : modernLaunch(plan);
  const files = [
    launchScript(script, plan, start, style),
    text(alone ? "requirements.txt" : "requirements.xtuner.txt", xtunerRequirements(plan, style.language)),
  ];
  const launches = [startCommand(quotePath(plan.name), script, start)];
  if (plan.versions.xtuner[0] >= 1) {
    const config = render(templateV1, xtunerV1Context(plan, style.language, header(style.language)));
    return { files: [text("xtuner_config.py", config), ...files], launches };
  }
  const config = render(template, xtunerContext(plan, style.language, header(style.language)));
  return {
    files: [
      text("xtuner_config.py", config),
      json("ds_config.xtuner.json", literalDeepSpeedConfig(plan), style),
      ...files,
    ],
    launches,
    converts: convertCommand(plan),
  };
}

/**
 * torchrun rather than `xtuner train`, which hides a failed run behind exit code 0 and starts no process group for a single
 * GPU. Source: InternLM/xtuner xtuner/entry_point.py (v0.2.0), measured.
 */
function legacyLaunch(plan: Plan): Launch {
  return launch({ ...plan, launcher: "torchrun" }, { kind: "module", name: "xtuner.tools.train" }, [
    `"$here"/xtuner_config.py`,
    `--deepspeed "$here"/ds_config.xtuner.json --launcher pytorch`,
  ]);
}

function modernLaunch(plan: Plan): Launch {
  return launch({ ...plan, launcher: "torchrun" }, { kind: "module", name: "xtuner.v1.train.cli.sft" }, [
    `--config "$here"/xtuner_config.py`,
  ]);
}

/**
 * From the config that the run has dumped, which needs no data file; in fp32 because the default, fp16, can't hold the
 * range of weights that were trained in bf16.
 */
function convertCommand(plan: Plan): string {
  const output = quotePath(plan.outputDir);
  return `xtuner convert pth_to_hf ${output}/xtuner_config.py "$(cat ${output}/last_checkpoint)" ${output}/hf --fp32 --safe-serialization`;
}
