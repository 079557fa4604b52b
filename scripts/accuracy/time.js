// How often a published speed lies in the range that is given for it: npm run accuracy:time -- FILE
import { readFileSync } from "node:fs";
import { stepTime } from "../../dist/index.js";
import { median } from "./metrics.js";
import { jobOf } from "./points.js";

const file = process.argv[2];
if (file === undefined) {
  console.error("usage: npm run accuracy:time -- FILE");
  process.exit(2);
}
const { points } = JSON.parse(readFileSync(file, "utf8"));
const a100 = { tflops: 312, kind: "datacenter", pcieGBs: 32, linkGBs: 300 };
const rows = points
  .filter((point) => point.speed !== undefined && /^a[18]00/.test(point.gpu.id))
  .map((point) => {
    const job = jobOf(point);
    const { accumulation } = job;
    const perGpu =
      point.speed.tokensPerSecPerGpu ??
      (point.speed.gradAccum * point.microBatch * point.seqLen) / point.speed.secPerIter;
    const { tokensPerSecond } = stepTime({
      job: { ...job, accumulation: point.speed.gradAccum ?? accumulation },
      activeParams: job.shape.params,
      gpusPerNode: job.gpus,
      speeds: a100,
    });
    return { point, perGpu, tokensPerSecond };
  });
const inside = rows.filter(({ perGpu, tokensPerSecond: [low, high] }) => perGpu >= low && perGpu <= high);
console.log(`${inside.length} of ${rows.length} published speeds lie in their range.`);
console.log(
  `The middle of the range is off by ${(100 * median(rows.map(({ perGpu, tokensPerSecond: [low, high] }) => Math.abs(Math.sqrt(low * high) / perGpu - 1)))).toFixed(0)} % (median).`,
);
if (process.argv.includes("--points")) {
  for (const { point, perGpu, tokensPerSecond } of rows) {
    const [low, high] = tokensPerSecond.map(Math.round);
    console.log(
      point.id.padEnd(62),
      Math.round(perGpu),
      `${low}-${high}`,
      perGpu < low ? "BELOW" : perGpu > high ? "ABOVE" : "",
    );
  }
}
