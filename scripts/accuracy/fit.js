// Chooses the model's fitted constants on a set of points, as they were chosen for the product.
import { memoryConstants } from "../../dist/index.js";
import { judge, sourceOf } from "./metrics.js";

/** Values that each constant may take; all of them physically possible. */
const grid = {
  stage3Fragmentation: [0, 0.04, 0.08, 0.12],
  cachedActivations: [0, 0.05, 0.1, 0.15, 0.2, 0.25],
  cachedLogits: [0, 0.1, 0.2, 0.3, 0.4, 0.5],
  cachedOtherLengths: [0, 0.8, 1.2, 1.6, 2, 2.4, 2.8],
  usualLength: [1024, 2048, 3072, 4096, 8192],
  stage3Workspace: [0, 0.25e9, 0.5e9, 1e9],
};

/** Half of it every point alike, half of it every source alike; an error counts up to 50 %, so that no point decides alone. */
function loss(points, constants, predict) {
  const rows = judge(points, (point) => predict(point, constants)).filter((row) => row.error !== null);
  const bySource = new Map();
  for (const row of rows) {
    const key = sourceOf(row.point);
    bySource.set(key, [...(bySource.get(key) ?? []), Math.min(0.5, row.error)]);
  }
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const perSource = [...bySource.values()].map(mean);
  return 0.5 * mean([...bySource.values()].flat()) + 0.5 * mean(perSource);
}

/** Coordinate descent from the published defaults of DeepSpeed and of the allocator: no cache, no waste. */
export function fit(points, predict) {
  let fitted = { ...memoryConstants.fitted };
  for (const [name, values] of Object.entries(grid)) fitted[name] = values[0];
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4; round++) {
    for (const [name, values] of Object.entries(grid)) {
      for (const value of values) {
        const candidate = { ...fitted, [name]: value };
        const at = loss(points, { ...memoryConstants, fitted: candidate }, predict);
        if (at < best - 1e-9) {
          best = at;
          fitted = candidate;
        }
      }
    }
  }
  return { ...memoryConstants, fitted };
}

/** Every point judged with constants that its own source had no part in. */
export function crossValidate(points, predict) {
  const sources = [...new Set(points.map(sourceOf))];
  return sources.flatMap((source) => {
    const constants = fit(
      points.filter((point) => sourceOf(point) !== source),
      predict,
    );
    return judge(
      points.filter((point) => sourceOf(point) === source),
      (point) => predict(point, constants),
    );
  });
}
