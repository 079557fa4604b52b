import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editDistance, nearest } from "../../src/catalog/nearest.ts";

const flags = ["learning-rate", "lr-scheduler", "warmup-ratio", "warmup-steps", "weight-decay", "zero", "gpus", "gpu"];
const schedules = [
  "linear",
  "cosine",
  "constant",
  "constant_with_warmup",
  "cosine_with_restarts",
  "cosine_with_min_lr",
];

test.for([
  ["warmup-ration", flags, "warmup-ratio"],
  ["warmupRatio", flags, "warmup-ratio"],
  ["WARMUP_STEPS", flags, "warmup-steps"],
  ["wieght-decay", flags, "weight-decay"],
  ["learning_rat", flags, "learning-rate"],
  ["zreo", flags, "zero"],
  ["gups", flags, "gpus"],
  ["cosin", schedules, "cosine"],
  ["ｃｏｓｉｎｅ", schedules, "cosine"],
  ["cosine-with-restart", schedules, "cosine_with_restarts"],
  ["liner", schedules, "linear"],
  ["7b", ["7B", "70B"], "7B"],
] as const)("%s", ([typed, candidates, best]) => {
  expect(nearest(typed, candidates)[0]).toBe(best);
});

test("a beginning is near", () => {
  expect(nearest("cosine_with", schedules)).toEqual(
    expect.arrayContaining(["cosine_with_restarts", "cosine_with_min_lr"]),
  );
});

test.for([["banana"], ["x"], [""], ["   "], ["---"], ["w".repeat(1e6)]])("nothing is near to %#", ([typed]) => {
  expect(nearest(typed as string, flags)).toEqual([]);
});

test("of equally near names the one of nearly the same number comes first", () => {
  expect(nearest("qwen3-9b", ["qwen3-4b", "qwen3-8b"])).toEqual(["qwen3-8b", "qwen3-4b"]);
});

test("as many as asked for", () => {
  expect(nearest("cosine_with", schedules, 1)).toHaveLength(1);
  expect(nearest("cosine", schedules, 0)).toEqual([]);
});

describe("editDistance", () => {
  test.for([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["abcd", "abdc", 1],
    ["abcdef", "bacdfe", 2],
    ["ca", "abc", 3],
  ] as const)("%s, %s: %s", ([a, b, distance]) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
  test("is symmetric, zero for equals only, and no longer than the longer text", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });

  test("one slip is one edit, and is suggested", () => {
    const slip = fc.tuple(
      fc.constantFrom(...flags.filter((flag) => flag.length > 4)),
      fc.nat(),
      fc.constantFrom("drop", "swap", "put"),
    );
    fc.assert(
      fc.property(slip, ([flag, at, kind]) => {
        const i = at % (flag.length - 1);
        const end = flag.slice(i + (kind === "drop" ? 1 : kind === "swap" ? 2 : 0));
        const typed =
          flag.slice(0, i) + (kind === "swap" ? `${flag[i + 1]}${flag[i]}` : kind === "put" ? "x" : "") + end;
        expect(editDistance(flag, typed)).toBeLessThanOrEqual(1);
        expect(nearest(typed, flags)).toContain(flag);
      }),
    );
  });
});
