// How far the memory model is from published measurements: npm run accuracy:memory -- FILE [--json] [--points]
import { readFileSync } from "node:fs";
import { estimateMemory, memoryConstants } from "../../dist/index.js";
import { estimators } from "./estimators.js";
import { crossValidate } from "./fit.js";
import { judge, summarise } from "./metrics.js";
import { jobOf } from "./points.js";

const GIB = 2 ** 30;
const words = process.argv.slice(2);
const file = words.find((word) => !word.startsWith("--"));
if (file === undefined) {
  console.error("usage: npm run accuracy:memory -- FILE [--json] [--points]");
  process.exit(2);
}
const { points } = readPoints(file);
const predict = (point, constants = memoryConstants) => estimateMemory(jobOf(point), constants);

function readPoints(name) {
  let value;
  try {
    value = JSON.parse(readFileSync(name, "utf8"));
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(2);
  }
  if (!Array.isArray(value?.points)) {
    console.error(`${name}: there is no list of "points" in this file`);
    process.exit(2);
  }
  return value;
}

const percent = (share) => (Number.isNaN(share) ? "-" : `${(100 * share).toFixed(1)} %`);

/** One column of the table: our own numbers, the same cross-validated, and what others' formulae say. */
const columns = {
  ours: summarise(judge(points, (point) => predict(point))),
  "cross-validated": summarise(crossValidate(points, predict)),
  ...Object.fromEntries(Object.entries(estimators).map(([name, of]) => [name, summarise(judge(points, of))])),
};

const lines = [
  ["points scored", (of) => String(of.scored)],
  ["median absolute error", (of) => percent(of.medianAbsError)],
  ["mean of the sources' medians", (of) => percent(of.macroMedianAbsError)],
  ["within 20 %", (of) => percent(of.within20)],
  ["verdicts right", (of) => percent(of.verdictAccuracy)],
  ["OOMs called", (of) => `${of.oomCalled} of ${of.oomTotal}`],
  ["false alarms", (of) => String(of.falseAlarms)],
  ["adjacent cards right", (of) => percent(of.adjacentCard)],
  ["both adjacent cards right", (of) => percent(of.adjacentBoth)],
  ...Object.keys(columns.ours.byMethod).map((method) => [
    `median, ${method}`,
    (of) => percent(of.byMethod[method]?.medianAbsError ?? Number.NaN),
  ]),
  ...Object.keys(columns.ours.bySource).map((source) => [
    `median, ${source} (${columns.ours.bySource[source].scored})`,
    (of) => percent(of.bySource[source]?.medianAbsError ?? Number.NaN),
  ]),
];

const label = Math.max(...lines.map(([name]) => name.length));
console.log(
  `${"".padEnd(label)} ${Object.keys(columns)
    .map((name) => name.padStart(16))
    .join("")}`,
);
for (const [name, cell] of lines) {
  console.log(
    `${name.padEnd(label)} ${Object.values(columns)
      .map((of) => cell(of).padStart(16))
      .join("")}`,
  );
}
console.log("cross-validated: each source predicted with constants that were chosen on the other sources.");

if (words.includes("--points")) {
  const gib = (bytes) => (bytes / GIB).toFixed(2).padStart(8);
  for (const { point, predicted, measured, signed, verdict } of judge(points, (each) => predict(each))) {
    const { binding, needed } = predict(point);
    const said = measured === null ? "     OOM" : gib(measured);
    const error = signed === null ? "" : percent(signed);
    console.log(
      `${point.id.padEnd(62)} ${point.measured.kind.padEnd(9)}${said}${gib(predicted)} ${error.padStart(8)} needs${gib(needed)} ${binding}${verdict === false ? "  WRONG VERDICT" : ""}`,
    );
  }
}

if (words.includes("--json")) console.log(JSON.stringify(columns.ours));
