import type { Speaker } from "../../messages/message.ts";
import { number } from "../../messages/sentence.ts";
import type { Curves } from "../../pitfalls/pitfall.ts";

const BLOCKS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const ASCII = ["_", ".", "-", "~", "=", "+", "*", "#"];

const short = (value: number): string => number(Number(value.toPrecision(3)));

/** The rate that was asked for above the rate that runs, on one scale, with the numbers at a few steps. */
export function drawCurves(
  { total, asked, runs }: Curves,
  tell: Speaker,
  columns: number,
  unicode: boolean,
): readonly string[] {
  const width = Math.max(20, Math.min(60, columns - 20));
  const at = (column: number): number => Math.min(total - 1, Math.round((column * (total - 1)) / (width - 1)));
  const rates = (rate: (step: number) => number): readonly number[] =>
    Array.from({ length: width }, (_, column) => rate(at(column)));
  const [one, two] = [rates(asked), rates(runs)];
  const top = Math.max(...one, ...two) || 1;
  const blocks = unicode ? BLOCKS : ASCII;
  const line = (values: readonly number[]): string =>
    values.map((value) => blocks[Math.min(7, Math.max(0, Math.round((value / top) * 7)))]).join("");
  const words = [tell("check.asked"), tell("check.runs")];
  const longest = Math.max(...words.map((word) => word.length));
  const labels = words.map((word) => word.padEnd(longest));
  const flat = flatFrom(runs, total);
  const steps = [0, Math.round(total * 0.1), Math.round(total * 0.5), total - 1];
  return [
    `${labels[0]}  ${line(one)}`,
    `${labels[1]}  ${line(two)}`,
    steps
      .map((step) => `${tell("check.step")} ${number(step + 1)}: ${short(asked(step))} → ${short(runs(step))}`)
      .join("; "),
    flat === null
      ? tell("check.nominal", { total: number(total) })
      : `${tell("check.flat", { lr: short(runs(total - 1)), from: number(flat + 1), to: number(total) })} (${tell("check.nominal", { total: number(total) })})`,
  ];
}

/** The step from which a rate doesn't move any more; null where that is not a tenth of the run. */
function flatFrom(rate: (step: number) => number, total: number): number | null {
  const last = rate(total - 1);
  if (last === 0) return null;
  let low = 0;
  let high = total - 1;
  // Once it is flat it stays so: the first such step can be halved for.
  while (low < high) {
    const middle = (low + high) >> 1;
    const still = rate(middle) === last && rate(Math.round((middle + total - 1) / 2)) === last;
    if (still) high = middle;
    else low = middle + 1;
  }
  return total - low > total * 0.1 ? low : null;
}
