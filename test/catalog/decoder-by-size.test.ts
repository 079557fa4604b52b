import fc from "fast-check";
import { expect, test } from "vitest";
import { decoderOfSize, parseModelSize } from "../../src/catalog/decoder-by-size.ts";
import { countParameters } from "../../src/catalog/parameters.ts";

test.for([
  ["7B", 7e9],
  ["7b", 7e9],
  ["1.8B", 1.8e9],
  ["350M", 3.5e8],
  ["0.5 B", 5e8],
  [" 72B ", 7.2e10],
  ["1T", 1e12],
  ["７Ｂ", 7e9],
  ["0.1b", 1e8],
] as const)("%s is %s", ([typed, params]) => {
  expect(parseModelSize(typed)).toBe(params);
});

test.for([
  "",
  "7",
  "B",
  "7GB",
  "-7B",
  "7e9",
  "1,8B",
  "0B",
  "0.0001M",
  "99999T",
  "7B7B",
  "Infinity",
  "NaN",
  ".5B",
  "7 billion",
])("%s is no size", (typed) => {
  expect(parseModelSize(typed)).toBeNull();
});

// Sizes as people say them are spread over orders of magnitude, so the exponent is drawn.
const size = fc
  .double({ min: Math.log(1e8), max: Math.log(5e11), noNaN: true })
  .map((log) => Math.round(Math.exp(log)));

test("the count comes out within 2 %, in a shape that real models have", () => {
  fc.assert(
    fc.property(size, (params) => {
      const decoder = decoderOfSize(params);
      expect(Math.abs(countParameters(decoder) / params - 1)).toBeLessThan(0.02);
      expect(
        Object.values(decoder).every((value) => typeof value !== "number" || (Number.isInteger(value) && value > 0)),
      ).toBe(true);
      expect(decoder.heads * decoder.headDim).toBe(decoder.hiddenSize);
      expect(decoder.heads % decoder.kvHeads).toBe(0);
      expect(decoder.intermediateSize / decoder.hiddenSize).toBeGreaterThan(1.5);
      expect(decoder.intermediateSize / decoder.hiddenSize).toBeLessThan(8);
      expect(decoder.hiddenSize / decoder.layers).toBeGreaterThan(10);
      expect(decoder.hiddenSize / decoder.layers).toBeLessThan(160);
    }),
    { numRuns: 500 },
  );
});

test("a larger size is never shallower", () => {
  fc.assert(
    fc.property(size, size, (a, b) => {
      expect(decoderOfSize(Math.min(a, b)).layers).toBeLessThanOrEqual(decoderOfSize(Math.max(a, b)).layers);
    }),
  );
});

test("looks like the real models of its size", () => {
  expect(decoderOfSize(8.19e9)).toMatchObject({ layers: 36, hiddenSize: 4096, heads: 32, kvHeads: 8, headDim: 128 });
  expect(decoderOfSize(72.7e9)).toMatchObject({ layers: 80, hiddenSize: 8192, heads: 64, kvHeads: 8 });
  expect(decoderOfSize(0.494e9)).toMatchObject({ layers: 24, hiddenSize: 896, heads: 14, kvHeads: 2, headDim: 64 });
});

test("every size that can be typed gives a decoder", () => {
  for (const typed of ["1M", "10M", "50M", "99M", "5B", "2T", "10T"]) {
    const decoder = decoderOfSize(parseModelSize(typed) ?? 0);
    expect(Number.isSafeInteger(countParameters(decoder)), typed).toBe(true);
    expect(decoder.intermediateSize, typed).toBeGreaterThan(0);
  }
});
