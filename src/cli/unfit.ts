import type { Plan } from "../core/plan/plan.ts";
import { speaker } from "../messages/message.ts";
import { Unfit } from "./errors.ts";
import type { Job } from "./job.ts";
import { verdictLine } from "./report/memory.ts";
import { paint, type Terminal } from "./terminal.ts";

/** A job that can't fit is not written unless it is forced; what would fit is told. */
export async function refuseUnfit(job: Job, plan: Plan, terminal: Terminal): Promise<never> {
  const [{ alternativesOf }, { alternativeLines }] = await Promise.all([
    import("../core/plan/alternatives.ts"),
    import("./report/plan-text.ts"),
  ]);
  const { stderr, language } = terminal;
  const tell = speaker(language);
  stderr.write(`${paint(terminal, "red", `${tell("terminal.error")}:`)} ${tell("command.doesNotFit")}\n`);
  const lines = [verdictLine(plan.memory, terminal), ...alternativeLines(plan, alternativesOf(job, plan), terminal)];
  stderr.write(`${lines.map((line) => (line === "" ? "" : `  ${line}`)).join("\n")}\n`);
  throw new Unfit();
}
