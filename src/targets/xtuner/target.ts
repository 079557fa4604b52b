import template from "../../../templates/xtuner/config.py.hbs";
import templateV1 from "../../../templates/xtuner/config-v1.py.hbs";
import { render } from "../../core/print/render.ts";
import { quoteShell } from "../../core/print/shell.ts";
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
  const launches = [startCommand(quoteShell(plan.name), script, start)];
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

/** `xtuner train` starts torchrun itself, from these variables. Source: InternLM/xtuner xtuner/entry_point.py (v0.2.0). */
function legacyLaunch(plan: Plan): Launch {
  const { nodes, gpusPerNode } = plan.hardware;
  const { needs } = launch({ ...plan, launcher: "torchrun" }, { kind: "script", file: "xtuner_config.py" }, []);
  const several = nodes > 1 ? [`NNODES=${nodes} NODE_RANK="$NODE_RANK" ADDR="$MASTER_ADDR" PORT="\${MASTER_PORT:-29500}"`] : [];
  return {
    needs,
    lines: [
      `env NPROC_PER_NODE=${gpusPerNode}`,
      ...several,
      `xtuner train "$here"/xtuner_config.py`,
      `--deepspeed "$here"/ds_config.xtuner.json`,
      `"$@"`,
    ],
  };
}

function modernLaunch(plan: Plan): Launch {
  return launch(
    { ...plan, launcher: "torchrun" },
    { kind: "module", name: "xtuner.v1.train.cli.sft" },
    [`--config "$here"/xtuner_config.py`],
  );
}

function convertCommand(plan: Plan): string {
  const folder = quoteShell(plan.name);
  const output = quoteShell(plan.outputDir);
  return `xtuner convert pth_to_hf ${folder}/xtuner_config.py "$(cat ${output}/last_checkpoint)" ${output}/hf`;
}
