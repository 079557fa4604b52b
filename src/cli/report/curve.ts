import { type Curve, learningRate } from "../../core/plan/schedule.ts";
import { number } from "../../messages/sentence.ts";

/** Eighths of a cell, from empty to full. */
const BLOCKS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const ASCII = [" ", ".", ".", ":", ":", "+", "+", "#", "#"];

/**
 * A learning-rate curve as a small bar plot, `rows` lines high and up to `columns` wide, with the peak and the steps
 * beside it. Each column shows the largest rate of its steps, so that a short warm-up is not lost.
 */
export function plotCurve(curve: Curve, columns: number, rows: number, unicode: boolean): readonly string[] {
  const peakLabel = number(Number(curve.peakLr.toPrecision(3)));
  const margin = peakLabel.length + 1;
  const width = Math.max(10, Math.min(columns - margin - 2, 64, curve.total));
  const heights = Array.from({ length: width }, (_, column) => {
    const from = Math.floor((column * curve.total) / width);
    const to = Math.max(from + 1, Math.floor(((column + 1) * curve.total) / width));
    let largest = 0;
    const stride = Math.max(1, Math.floor((to - from) / 16));
    for (let step = from; step < to; step += stride) largest = Math.max(largest, learningRate(curve, step));
    return largest / curve.peakLr;
  });
  const blocks = unicode ? BLOCKS : ASCII;
  const [side, corner, floor] = unicode ? ["│", "└", "─"] : ["|", "+", "-"];
  const lines = Array.from({ length: rows }, (_, row) => {
    const base = rows - 1 - row;
    const cells = heights.map((height) => blocks[Math.max(0, Math.min(8, Math.round((height * rows - base) * 8)))]);
    return `${(row === 0 ? peakLabel : "").padStart(margin - 1)} ${side}${cells.join("")}`.trimEnd();
  });
  const last = `${number(curve.total)}`;
  return [
    ...lines,
    `${"0".padStart(margin - 1)} ${corner}${floor?.repeat(width)}`,
    `${" ".repeat(margin + 1)}1${last.padStart(width - 1)}`,
  ];
}
