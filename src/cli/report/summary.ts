import type { Plan } from "../../core/plan/plan.ts";
import { type Curve, curveOf } from "../../core/plan/schedule.ts";
import { steps, GiB } from "../../core/units.ts";
import { say, speaker } from "../../messages/message.ts";
import { number } from "../../messages/sentence.ts";
import { stringWidth } from "../../core/print/width.ts";
import { notesOf } from "../../notes.ts";
import { oneLine, paint, type Terminal } from "../terminal.ts";
import { plotCurve } from "./curve.ts";

/** Where the length is left to the data, the shape is drawn over this many steps. */
const NOMINAL = steps(1000);

/** The decided numbers, the learning-rate curve and the notes: what a person agrees to before anything is written. */
export function summary(plan: Plan, terminal: Terminal): string {
  const tell = speaker(terminal.language);
  const rows = summaryRows(plan, tell);
  const width = Math.max(...rows.map(([label]) => stringWidth(label)));
  const known = plan.length.kind !== "epochs";
  const curve: Curve = curveOf(plan.schedule, plan.length.kind === "epochs" ? NOMINAL : plan.length.total);
  const plot = plotCurve(curve, terminal.columns, 6, terminal.unicode);
  // Over a nominal length the step numbers would be made up.
  const drawn = known ? plot : plot.slice(0, -1);
  return [
    ...rows.map(
      ([label, value]) =>
        `  ${paint(terminal, "dim", label)}${" ".repeat(width - stringWidth(label))}  ${oneLine(value)}`,
    ),
    "",
    ...drawn.map((line) => `  ${line}`),
    ...notesOf(plan).map((note) => `\n${paint(terminal, "yellow", "!")} ${oneLine(say(terminal.language, note))}`),
  ].join("\n");
}

function summaryRows(plan: Plan, tell: ReturnType<typeof speaker>): readonly (readonly [string, string])[] {
  const { batch, hardware, length, memory, method, model, precision, schedule, task, zero } = plan;
  const card = hardware.card.kind === "listed" ? hardware.card.gpu.name : `${Math.round(hardware.memory / GiB)} GiB`;
  const offload = zero.offload.kind === "none" ? "" : `, ${tell("summary.offload", { offload: zero.offload.kind })}`;
  const gib = (bytes: number): string => (bytes / GiB).toFixed(1);
  return [
    [tell("summary.model"), `${model.label} (${(model.params / 1e9).toFixed(2)} B), ${method.kind}`],
    [
      tell("summary.hardware"),
      `${hardware.gpus} × ${card}${hardware.nodes > 1 ? ` (${hardware.nodes} × ${hardware.gpusPerNode})` : ""}`,
    ],
    [tell("summary.engine"), `${precision.kind}, ZeRO-${zero.stage}${offload}`],
    [
      tell("summary.memory"),
      tell("summary.memoryOf", { needed: gib(memory.needed), available: gib(memory.available) }),
    ],
    [tell("summary.batch"), `${number(batch.global)} = ${batch.micro} × ${batch.accumulation} × ${batch.world}`],
    [
      tell("summary.tokens"),
      task.kind === "sft"
        ? number(task.seqLen)
        : `${number(task.queryMaxLen)} / ${number(task.passageMaxLen)}, ${tell("summary.group", { group: task.trainGroupSize })}`,
    ],
    [
      tell("summary.length"),
      length.kind === "epochs"
        ? tell("summary.epochs", { epochs: length.epochs })
        : tell("summary.steps", { total: length.total, warmup: curveOf(schedule, length.total).warmup }),
    ],
    [tell("summary.schedule"), `${schedule.shape.name}, ${number(schedule.peakLr)}`],
    [tell("summary.data"), plan.data],
    [tell("summary.targets"), plan.targets.join(", ")],
  ];
}
