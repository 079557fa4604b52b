import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { estimate } from "../../src/core/plan/memory/estimate.ts";
import { explainMemory } from "../../src/core/plan/memory/explain.ts";
import type { MemoryJob } from "../../src/core/plan/memory/job.ts";
import { GiB } from "../../src/core/units.ts";
import { estimators } from "../../scripts/accuracy/estimators.js";
import { jobOf } from "../../scripts/accuracy/points.js";
import { judge, summarise } from "../../scripts/accuracy/metrics.js";

interface Point {
  readonly id: string;
  readonly outcome: "ok" | "oom";
  readonly measured: { readonly perGpuGiB: number | null; readonly kind: "alloc" | "reserved" | "nvsmi" | "unknown" };
}

const { points } = JSON.parse(readFileSync(new URL("measured-points.json", import.meta.url), "utf8")) as { points: readonly Point[] };
const jobFor = (point: Point): MemoryJob => jobOf(point) as MemoryJob;
const kinds = { alloc: "allocated", reserved: "reserved", nvsmi: "device", unknown: "device" } as const;

describe("published measurements", () => {
  test.each(points.filter(({ outcome }) => outcome === "ok").map((point) => [point.id, point] as const))("%s is predicted within 12 %%", (_, point) => {
    const predicted = estimate(jobFor(point))[kinds[point.measured.kind]] / GiB;
    const measured = point.measured.perGpuGiB ?? Number.NaN;
    expect(Math.abs(predicted / measured - 1), `${predicted.toFixed(2)} for ${measured}`).toBeLessThan(0.12);
  });

  test.each(points.map((point) => [point.id, point] as const))("%s is judged as it went on its card", (_, point) => {
    const job = jobFor(point);
    if (job.card === null) return expect(point.id).toMatch(/^axolotl|^torchtune/);
    expect(estimate(job).needed <= job.card).toBe(point.outcome === "ok");
  });

  test("are closer to this model than to any other estimator, by ten times", () => {
    const ours = summarise(judge(points, (point: Point) => estimate(jobFor(point)))) as { medianAbsError: number };
    for (const [name, of] of Object.entries(estimators as unknown as Record<string, (point: Point) => object>)) {
      const theirs = summarise(judge(points, of)) as { medianAbsError: number };
      expect(theirs.medianAbsError, name).toBeGreaterThan(10 * ours.medianAbsError);
    }
  });
});

describe("an explanation", () => {
  test.each(points.map((point) => [point.id, point] as const))("of %s sums to what is needed, each term with formula and source", (_, point) => {
    const job = jobFor(point);
    const terms = explainMemory(job);
    const sum = terms.reduce((total, { bytes }) => total + bytes, 0);
    expect(Math.abs(sum / estimate(job).needed - 1)).toBeLessThan(0.01);
    for (const { formula, source, bytes } of terms) {
      expect([formula.trim(), source.trim()]).not.toContain("");
      expect(formula).not.toMatch(/undefined|NaN/);
      expect(bytes).toBeGreaterThanOrEqual(0);
    }
  });
});

test("the four numbers stand in their order: allocated, reserved, device; and parts sum to the peak", () => {
  for (const point of points) {
    const { allocated, reserved, device, needed, parts, moments, binding } = estimate(jobFor(point));
    expect(reserved).toBeGreaterThanOrEqual(allocated);
    expect(device).toBeGreaterThan(reserved);
    expect(needed).toBeGreaterThan(allocated);
    expect(moments[binding]).toBe(allocated);
    const { context, ...own } = parts;
    const workspace = 0.03 * GiB;
    expect(Object.values(own).reduce((sum, part) => sum + part, workspace) / allocated).toBeCloseTo(1, 6);
    expect(context).toBeGreaterThan(workspace);
  }
});
