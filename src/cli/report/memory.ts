import { COMFORTABLE } from "../../core/plan/memory/question.ts";
import type { MemoryEstimate, Moment, Part } from "../../core/plan/plan.ts";
import { stringWidth } from "../../core/print/width.ts";
import { GiB } from "../../core/units.ts";
import { type Code, speaker } from "../../messages/message.ts";
import { paint, type Terminal } from "../terminal.ts";

/** GiB with one decimal, as every line shows them. */
export const gib = (count: number): string => (count / GiB).toFixed(1);

/** What each part is called, in the order in which they are shown. */
export const partCodes = {
  weights: "plan.part.weights",
  gradients: "plan.part.gradients",
  optimizer: "plan.part.optimizer",
  master: "plan.part.master",
  buffers: "plan.part.buffers",
  activations: "plan.part.activations",
  logits: "plan.part.logits",
  step: "plan.part.step",
  context: "plan.part.context",
  room: "plan.part.room",
} as const satisfies Readonly<Record<Part | "room", Code>>;

export const momentCodes = {
  forwardEnd: "plan.moment.forwardEnd",
  backwardStart: "plan.moment.backwardStart",
  backwardEnd: "plan.moment.backwardEnd",
  optimizerStep: "plan.moment.optimizerStep",
} as const satisfies Readonly<Record<Moment, Code>>;

/** The verdict with its head-room in one line, coloured by how it came out. */
export function verdictLine({ needed, available, verdict }: MemoryEstimate, terminal: Terminal): string {
  const tell = speaker(terminal.language);
  const at = { needed: gib(needed), available: gib(available) };
  switch (verdict) {
    case "fits":
      return paint(terminal, "green", tell("plan.fits", { ...at, room: gib(available - needed) }));
    case "tight":
      return paint(terminal, "yellow", tell("plan.tight", { ...at, room: gib(available - needed) }));
    case "does-not-fit":
      return paint(terminal, "red", tell("plan.doesNotFit", { ...at, over: gib(needed - available) }));
  }
}

/** A bar a part, drawn against the card: a full line is the whole card. */
export function memoryBars(memory: MemoryEstimate, terminal: Terminal): readonly string[] {
  const tell = speaker(terminal.language);
  const { parts } = memory.gpu;
  const used = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const counts = { ...parts, room: Math.max(0, memory.needed - used) };
  const rows = (Object.keys(partCodes) as (keyof typeof partCodes)[])
    .map((part) => [tell(partCodes[part]), counts[part]] as const)
    .filter(([, count]) => count >= 0.05 * GiB);
  const label = Math.max(...rows.map(([name]) => stringWidth(name)));
  const room = Math.max(10, Math.min(50, terminal.columns - label - 16));
  const largest = Math.max(memory.available, ...rows.map(([, count]) => count));
  return rows.map(([name, count]) => {
    const length = Math.max(1, Math.round((count / largest) * room));
    const bar = (terminal.unicode ? "█" : "#").repeat(length);
    return `  ${name}${" ".repeat(label - stringWidth(name))} ${gib(count).padStart(8)} GiB ${paint(terminal, "cyan", bar)}`;
  });
}

/** How full the card is, as one bar with the comfortable limit marked. */
export function cardBar({ needed, available }: MemoryEstimate, terminal: Terminal): string {
  const width = 30;
  const filled = Math.min(width, Math.round((needed / available) * width));
  const mark = Math.round(COMFORTABLE * width);
  const [full, empty] = terminal.unicode ? ["█", "░"] : ["#", "."];
  const cells = Array.from({ length: width }, (_, at) => (at < filled ? full : at === mark ? "|" : empty));
  return `[${cells.join("")}]`;
}
