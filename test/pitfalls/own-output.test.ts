import fc from "fast-check";
import { expect, test } from "vitest";
import { check } from "../../src/check.ts";
import { accepted, folderOf } from "../core/arbitrary.ts";

/** What a person may ask for against advice; left to the tool, none of it happens. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  "lr-too-high": ["lr"],
  "embedding-lr-too-high": ["lr"],
  // A card that is known by its memory alone may be of any age, so that the plan takes fp16, and says so.
  "fp16-on-bf16-model": ["precision", "gpuMemory"],
  "embedding-too-few-negatives": ["trainGroupSize", "microBatch", "globalBatch", "gradAccum"],
  "warmup-exceeds-run": ["warmupSteps", "warmupRatio"],
};

test("what the generator writes has no pitfall above info but those that were asked for", () => {
  fc.assert(
    fc.property(accepted, (job) => {
      const { files } = folderOf(job);
      const { gpu } = job.answers;
      const { findings } = check(Object.fromEntries(files.map(({ path, text }) => [path, text])), { context: gpu === undefined ? {} : { gpu } });
      const own = findings.filter(({ rule, severity }) => severity !== "info" && !(ASKED[rule] ?? []).some((key) => key in job.answers));
      expect(own.map(({ rule, file, key, message }) => `${rule} ${file}:${key} ${message.en}`)).toEqual([]);
    }),
    { numRuns: Number(process.env["OWN_RUNS"] ?? 200) },
  );
});
