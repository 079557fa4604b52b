import template from "../../../templates/launchers/launch.sh.hbs";
import type { EmittedFile } from "../../core/file.ts";
import { render } from "../../core/print/render.ts";
import { printYaml } from "../../core/print/yaml.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { message, say } from "../../messages/message.ts";
import { header, type Style, text } from "../target.ts";
import { accelerateConfig, type Launch } from "./launch.ts";

/** `launch.sh`, or the same under another name where one folder starts two trainers. */
export function launchScript(
  path: string,
  plan: Plan,
  { lines, needs }: Launch,
  style: Style,
  exports: readonly string[] = [],
): EmittedFile {
  const { hardware, batch } = plan;
  return text(
    path,
    render(template, {
      language: style.language,
      header: header(style.language),
      nodes: hardware.nodes,
      perNode: hardware.gpusPerNode,
      world: batch.world,
      global: batch.global,
      needs: needs.map(({ name, code }) => `: "\${${name}:?${say(style.language, message(code))}}"`),
      exports,
      lines,
    }),
  );
}

/** What the plan's launcher reads beside the script. */
export function launcherFiles(plan: Plan): readonly EmittedFile[] {
  return plan.launcher === "accelerate" ? [{ path: "accelerate.yaml", text: printYaml(accelerateConfig(plan)) }] : [];
}

/** How the job is started from the folder above: the variables that its nodes need, and the script. */
export function startCommand(folder: string, script: string, { needs }: Pick<Launch, "needs">): string {
  const variables = needs.map(({ name }) => `${name}=…`);
  return [...variables, "bash", `${folder}/${script}`].join(" ");
}
