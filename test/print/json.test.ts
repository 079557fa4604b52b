import fc from "fast-check";
import { format } from "prettier";
import { expect, test } from "vitest";
import { type JsonStyle, type JsonValue, printJson } from "../../src/core/print/json.ts";
import { numbers, texts, values } from "./arbitraries.ts";
import { expectSame } from "./run.ts";

const styles: fc.Arbitrary<JsonStyle> = fc.record({
  indent: fc.constantFrom<(number | "tab")[]>(2, 4, 0, 3, "tab"),
  tabWidth: fc.constantFrom(2, 4, 8),
  printWidth: fc.constantFrom(80, 100, 40, 20, 1),
  endOfLine: fc.constantFrom<JsonStyle["endOfLine"][]>("lf", "crlf", "cr"),
  objectWrap: fc.constantFrom<JsonStyle["objectWrap"][]>("preserve", "collapse"),
});

/** Long scalars and lists of every kind around the edge of the line, where layouts differ. */
const nearEdge: fc.Arbitrary<JsonValue> = fc.dictionary(
  fc.string({ unit: fc.constantFrom(..."ab配"), minLength: 1, maxLength: 12 }),
  fc.oneof(
    fc.array(fc.oneof(fc.string({ unit: fc.constantFrom(..."ab配👍"), maxLength: 20 }), fc.integer()), {
      maxLength: 8,
    }),
    fc.array(numbers, { minLength: 8, maxLength: 60 }),
    fc.array(fc.array(fc.nat(), { maxLength: 6 }), { maxLength: 4 }),
    fc.array(fc.dictionary(fc.string({ maxLength: 4 }), fc.nat(), { maxKeys: 3 }), {
      maxLength: 4,
    }),
  ),
  { maxKeys: 4 },
);

async function prettier(text: string, style: JsonStyle): Promise<string> {
  const { indent, tabWidth, ...rest } = style;
  const tabs = indent === "tab";
  return format(text, {
    parser: "json",
    useTabs: tabs,
    tabWidth: tabs ? (tabWidth ?? 2) : indent,
    ...rest,
  });
}

test("Prettier leaves any value in any style as it is printed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(values, nearEdge), styles, async (value, style) => {
      const text = printJson(value, style);
      expect(await prettier(text, style)).toBe(text);
    }),
    { numRuns: 400 },
  );
});

test("the defaults are Prettier's own defaults, and nothing of the layout comes from the input", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(values, nearEdge), async (value) => {
      const text = printJson(value);
      expect(await format(text, { parser: "json" })).toBe(text);
    }),
    { numRuns: 150 },
  );
});

test("collapsed objects are what Prettier makes of one-line JSON", async () => {
  await fc.assert(
    fc.asyncProperty(nearEdge, async (value) => {
      const line = printJson(value, { objectWrap: "collapse", printWidth: 1e9 });
      expect(printJson(value, { objectWrap: "collapse" })).toBe(
        await format(line, { parser: "json", objectWrap: "collapse" }),
      );
    }),
    { numRuns: 150 },
  );
});

test("JSON.parse gives the value back, key order and -0 included", () => {
  fc.assert(
    fc.property(values, styles, (value, style) => {
      expectSame(JSON.parse(printJson(value, style)), value);
    }),
    { numRuns: 500 },
  );
});

test("no control character, line separator or lone surrogate stands raw in the file", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(printJson(text).slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\ufeff]/u);
    }),
  );
});

test.each([
  [1e-5, "1e-5"],
  [0.0000025, "2.5e-6"],
  [0.0005, "5e-4"],
  [0.001, "0.001"],
  [-0.00001, "-1e-5"],
  [1e20, "100000000000000000000"],
  [1e21, "1e21"],
  [5e8, "500000000"],
])("the number %d is written %s", (value, text) => {
  expect(printJson(value)).toBe(`${text}\n`);
});

test("a non-empty object is expanded, an empty one and a short list are not", () => {
  expect(printJson({ a: { b: 1 }, c: {}, d: [], e: ["x", 1] })).toBe(
    '{\n  "a": {\n    "b": 1\n  },\n  "c": {},\n  "d": [],\n  "e": ["x", 1]\n}\n',
  );
});

test("negative zero keeps its sign", () => {
  expect(printJson(-0)).toBe("-0\n");
});

test("an undefined member is skipped, also when it is the last or the only one", () => {
  const holes = { a: 1, b: undefined, c: { d: undefined } } as unknown as JsonValue;
  expect(printJson(holes)).toBe('{\n  "a": 1,\n  "c": {}\n}\n');
});

test.each([[NaN], [Infinity], [-Infinity], [[undefined]], [{ a: () => 1 }], [1n]])(
  "%s is refused rather than written as something else",
  (value) => {
    expect(() => printJson(value as unknown as JsonValue)).toThrow(/^cannot print/);
  },
);
