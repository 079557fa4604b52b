// The columns of the accuracy table. An error is |predicted / measured - 1|, like with like: allocated with allocated.
import { cardBytes, ladder } from "./points.js";

const GIB = 2 ** 30;

export const median = (/** @type {number[]} */ values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const share = (values) => (values.length === 0 ? Number.NaN : values.filter(Boolean).length / values.length);

/** Where a measurement comes from: the repository or the documentation that its source begins with. */
export const sourceOf = (point) => /^\S+/.exec(point.source)?.[0] ?? point.source;

const kinds = { alloc: "allocated", reserved: "reserved", nvsmi: "device", unknown: "device" };
export const kindOf = (point) => kinds[point.measured.kind] ?? "device";

/** Every scored point with what `predict` says of it: `{allocated, reserved, device, needed}` in bytes. */
export function judge(points, predict) {
  return points
    .filter((point) => point.scored)
    .map((point) => {
      const at = predict(point);
      const measured =
        point.outcome === "ok" && point.measured.perGpuGiB !== null ? point.measured.perGpuGiB * GIB : null;
      const predicted = at[kindOf(point)];
      const card = cardBytes(point.gpu.memoryGB, point.gpu.id);
      const ran = point.outcome === "ok";
      return {
        point,
        predicted,
        measured,
        error: measured === null ? null : Math.abs(predicted / measured - 1),
        signed: measured === null ? null : predicted / measured - 1,
        verdict: card === null ? null : at.needed <= card === ran,
        oom: !ran,
        fits: card === null ? null : at.needed <= card,
        adjacent: measured === null ? null : adjacent(predicted, measured),
      };
    });
}

/**
 * The two questions next to a measurement: does it run on the largest card that is too small for it (no), and on the
 * smallest that holds it (yes)? Each answer counts; a measurement beyond the ladder's end asks one question only.
 */
function adjacent(predicted, measured) {
  const larger = ladder.find((card) => card >= measured);
  const smaller = ladder.findLast((card) => card < measured);
  return [
    ...(smaller === undefined ? [] : [predicted > smaller]),
    ...(larger === undefined ? [] : [predicted <= larger]),
  ];
}

const grouped = (rows, key) => {
  const groups = new Map();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
};

export function summarise(rows) {
  const sized = rows.filter((row) => row.error !== null);
  const errors = sized.map((row) => row.error);
  const verdicts = rows.filter((row) => row.verdict !== null);
  const ooms = verdicts.filter((row) => row.oom);
  const of = (group) => ({
    scored: group.length,
    medianAbsError: median(group.map((row) => row.error)),
    within20: share(group.map((row) => row.error <= 0.2)),
  });
  const bySource = Object.fromEntries(
    [...grouped(sized, (row) => sourceOf(row.point))].map(([key, group]) => [key, of(group)]),
  );
  const byMethod = Object.fromEntries(
    [...grouped(sized, (row) => row.point.method)].map(([key, group]) => [key, of(group)]),
  );
  return {
    scored: sized.length,
    medianAbsError: median(errors),
    macroMedianAbsError: mean(Object.values(bySource).map((each) => each.medianAbsError)),
    within20: share(errors.map((error) => error <= 0.2)),
    verdictAccuracy: share(verdicts.map((row) => row.verdict)),
    oomCalled: ooms.filter((row) => !row.fits).length,
    oomTotal: ooms.length,
    falseAlarms: verdicts.filter((row) => !row.oom && !row.fits).length,
    adjacentCard: share(sized.flatMap((row) => row.adjacent)),
    adjacentBoth: share(sized.map((row) => row.adjacent.every(Boolean))),
    byMethod,
    bySource,
  };
}
