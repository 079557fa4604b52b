import type { Alternative } from "../../core/plan/alternatives.ts";
import { hostMemory } from "../../core/plan/memory/host.ts";
import type { Term } from "../../core/plan/memory/explain.ts";
import { memoryQuestion } from "../../core/plan/memory/question.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { Range } from "../../core/plan/time/estimate.ts";
import type { TimeEstimate } from "../../core/plan/time/plan.ts";
import { findQuestion } from "../../core/questions/table.ts";
import { say, speaker } from "../../messages/message.ts";
import { number } from "../../messages/sentence.ts";
import { oneLine, paint, type Terminal } from "../terminal.ts";
import { gib, memoryBars, momentCodes, partCodes, verdictLine } from "./memory.ts";

export interface Planned {
  readonly plan: Plan;
  readonly time: TimeEstimate | null;
  readonly alternatives: readonly Alternative[];
  /** Only with `--explain`. */
  readonly terms: readonly Term[] | null;
}

/** What `plan` shows: verdict, parts, host, settings with their reasons, time, and what would fit. */
export function planText({ plan, time, alternatives, terms }: Planned, terminal: Terminal): string {
  const tell = speaker(terminal.language);
  const { memory, model, hardware, method, precision, zero } = plan;
  const card = hardware.card.kind === "listed" ? hardware.card.gpu.name : `${gib(hardware.memory)} GiB`;
  const offload = zero.offload.kind === "none" ? "" : `, ${tell("summary.offload", { offload: zero.offload.kind })}`;
  const host = hostMemory(memoryQuestion(plan));
  return [
    paint(
      terminal,
      "bold",
      oneLine(
        `${model.label}, ${method.kind}, ${hardware.gpus} × ${card}, ${precision.kind}, ZeRO-${zero.stage}${offload}`,
      ),
    ),
    verdictLine(memory, terminal),
    "",
    ...memoryBars(memory, terminal),
    "",
    tell("plan.numbers", {
      allocated: gib(memory.gpu.allocated),
      reserved: gib(memory.gpu.reserved),
      device: gib(memory.gpu.device),
    }),
    tell("plan.binding", { moment: tell(momentCodes[memory.gpu.binding]) }),
    tell("plan.host", {
      needed: gib(host.needed),
      offloaded: gib(host.offloaded),
      processes: gib(host.processes),
      saving: gib(host.saving),
    }),
    "",
    ...settings(plan, terminal),
    "",
    ...timeLines(plan, time, terminal),
    ...alternativeLines(plan, alternatives, terminal),
    ...(terms === null ? [] : ["", ...termLines(terms, terminal)]),
  ].join("\n");
}

/** The decisions that follow from memory, each with its reason. */
function settings(plan: Plan, terminal: Terminal): readonly string[] {
  const tell = speaker(terminal.language);
  const shown = ["zero", "offload", "microBatch", "gradAccum", "globalBatch", "buckets"];
  return plan.decisions
    .filter(({ key }) => shown.includes(key))
    .map(({ key, value, because }) => {
      const label = findQuestion(key)?.label[terminal.language] ?? tell("label.buckets");
      const told = typeof value === "number" ? number(value) : String(value);
      return oneLine(`${label}: ${told} - ${say(terminal.language, because)}`);
    });
}

/** Two digits tell an estimate from a measurement. */
const rough = (value: number): string => number(Number(value.toPrecision(2)));
const roughly = ([low, high]: Range): { low: string; high: string } => ({ low: rough(low), high: rough(high) });

function timeLines({ hardware }: Plan, time: TimeEstimate | null, terminal: Terminal): readonly string[] {
  const tell = speaker(terminal.language);
  if (time === null) return [tell("plan.noTime")];
  const percent = ([low, high]: Range): { low: string; high: string } => roughly([100 * low, 100 * high]);
  return [
    tell("plan.speed", roughly(time.tokensPerSecond)),
    time.hours === null || time.gpuHours === null
      ? tell("plan.secondsAStep", roughly(time.seconds))
      : tell("plan.hours", {
          ...roughly(time.hours),
          gpuLow: rough(time.gpuHours[0]),
          gpuHigh: rough(time.gpuHours[1]),
        }),
    tell("plan.assumed", { ...percent(time.utilisation), row: time.tokensPerRow }),
    ...(hardware.nodes > 1 ? [tell("plan.assumedNodes")] : []),
    ...(time.communication[1] > 0.5 ? [tell("plan.communication", percent(sorted(time.communication)))] : []),
    ...(time.offload[1] > 0 ? [tell("plan.offloadTime", roughly(time.offload))] : []),
  ];
}

const sorted = ([one, other]: Range): Range => [Math.min(one, other), Math.max(one, other)];

/** What would fit, a line each: the flags, what it needs, and what it costs. */
export function alternativeLines(
  plan: Plan,
  alternatives: readonly Alternative[],
  terminal: Terminal,
): readonly string[] {
  if (plan.memory.verdict !== "does-not-fit") return [];
  const tell = speaker(terminal.language);
  if (alternatives.length === 0) return ["", tell("plan.noAlternative")];
  const width = Math.max(...alternatives.map(({ flags }) => flags.length));
  return [
    "",
    paint(terminal, "bold", tell("plan.alternatives")),
    ...alternatives.map(({ flags, memory, cost, slower }) => {
      const needs = tell("plan.alternative", { needed: gib(memory.needed), verdict: memory.verdict });
      const time = slower !== null && slower > 1.05 ? `; ${tell("plan.slower", { factor: slower.toFixed(1) })}` : "";
      return `  ${flags.padEnd(width)}  ${needs}; ${say(terminal.language, cost)}${time}`;
    }),
  ];
}

function termLines(terms: readonly Term[], terminal: Terminal): readonly string[] {
  const tell = speaker(terminal.language);
  return [
    paint(terminal, "bold", tell("plan.explain")),
    ...terms.flatMap(({ part, bytes, formula, source }) => [
      `  ${tell(partCodes[part])}: ${gib(bytes)} GiB = ${formula}`,
      `    ${paint(terminal, "dim", `${tell("plan.source")}: ${source}`)}`,
    ]),
  ];
}
