import { expect, test } from "vitest";
import { check } from "../../src/check.ts";
import { pitfalls } from "../../src/pitfalls/all.ts";
import type { Curves } from "../../src/pitfalls/pitfall.ts";

/** The first drawing of a rule in the first of its bad examples that has one. */
function drawing(rule: string): Curves {
  const examples = pitfalls.find(({ id }) => id === rule)?.bad ?? [];
  for (const { files, context = {} } of examples) {
    const found = check(files, { context }).findings.find((each) => each.rule === rule && each.curves !== null);
    if (found?.curves != null) return found.curves;
  }
  throw new Error(`${rule} draws nothing`);
}

const peak = (curve: (step: number) => number, total: number): number =>
  Math.max(...Array.from({ length: total }, (_, step) => curve(step)));

test("a missing lr is drawn at the optimizer's 1e-3 against what was asked for", () => {
  const { total, asked, runs } = drawing("ds-optimizer-params-missing");
  expect(peak(asked, total)).toBeCloseTo(1e-5, 9);
  expect(peak(runs, total)).toBeCloseTo(1e-3, 7);
});

test("a missing warmup_max_lr is drawn a hundred times too high", () => {
  const { total, asked, runs } = drawing("ds-warmup-max-lr-missing");
  expect(peak(runs, total) / peak(asked, total)).toBeCloseTo(100, 3);
});

test("a constant schedule is flat from the first step, where a warm-up was asked for", () => {
  const { total, asked, runs } = drawing("constant-ignores-warmup");
  expect(asked(0)).toBe(0);
  expect(runs(0)).toBe(runs(total - 1));
  expect(asked(total - 1)).toBe(runs(total - 1));
});

test("a cosine without end is frozen after the first epoch", () => {
  const { total, asked, runs } = drawing("mmengine-cosine-no-end");
  const after = Math.ceil(total / 3) + 1;
  expect(runs(after)).toBe(runs(total - 1));
  expect(runs(after)).toBeGreaterThan(0.5 * peak(runs, total));
  expect(asked(total - 1)).toBeLessThan(0.01 * peak(asked, total));
});

test("past T_max a cosine rises again", () => {
  const { asked, runs } = drawing("mmengine-tmax-vs-end");
  expect(runs(1500)).toBeGreaterThan(runs(1005));
  expect(asked(1500)).toBeLessThan(asked(1005));
});

test("a schedule that ends early stays where it was", () => {
  const { total, runs } = drawing("mmengine-windows");
  expect(runs(total - 1)).not.toBe(0);
});

test("a logarithmic warm-up lies above the line that is usually meant, and ends with it", () => {
  const rule = "ds-warmup-log-shape";
  const files = {
    "ds.json": JSON.stringify({
      zero_optimization: { stage: 2 },
      optimizer: { type: "AdamW", params: { lr: 1e-5 } },
      scheduler: { type: "WarmupLR", params: { warmup_max_lr: 1e-5, warmup_num_steps: 300 } },
    }),
  };
  const curves = check(files).findings.find((each) => each.rule === rule)?.curves;
  expect(curves?.runs(30) ?? 0).toBeGreaterThan(2 * (curves?.asked(30) ?? 0));
  expect(curves?.runs(400)).toBeCloseTo(curves?.asked(400) ?? 0, 12);
});
