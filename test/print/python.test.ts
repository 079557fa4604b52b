import fc from "fast-check";
import { expect, test } from "vitest";
import { printPython } from "../../src/core/print/python.ts";
import { stringWidth } from "../../src/core/print/width.ts";
import { config, numbers, texts, values } from "./arbitraries.ts";
import { run } from "./run.ts";

// Type names are compared too, because in Python True == 1 == 1.0.
const READ = `
import ast, json, sys
def same(a, b):
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and repr(a) == repr(b)
def number(x):
    return float(x) if "e" in x or "." in x or x == "-0" else int(x)
wrong = []
for code, value in json.load(sys.stdin):
    try:
        if not same(json.loads(value, parse_int=number, parse_float=number), ast.literal_eval(code.lstrip())):
            wrong.append(code)
    except Exception as error:
        wrong.append(repr(error) + code)
json.dump([len(wrong), wrong[:5]], sys.stdout)
`;

test("Python reads every literal as the same value, ints as int and other numbers as float", () => {
  const cases = fc.sample(
    fc.tuple(fc.oneof(values, texts, numbers), fc.nat(12), fc.constantFrom(88, 100, 30, 1)),
    4000,
  );
  const pairs = cases.map(([value, indent, width]) => [printPython(value, { indent, width }), jsonText(value)]);
  pairs.push([printPython(config), jsonText(config)]);
  expect(JSON.parse(run("python3", ["-c", READ], JSON.stringify(pairs)))).toEqual([0, []]);
});

/** JSON that keeps -0, which JSON.stringify does not; NaN cannot occur. */
function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`)
      .join(",")}}`;
  }
  return Object.is(value, -0) ? "-0" : JSON.stringify(value);
}

test("the literal, split over lines, is one statement on the lines Python counts", () => {
  const literals = fc.sample(values, 1000).map((value) => `x = ${printPython(value, { column: 4, width: 40 })}\n`);
  const count = `
import ast, json, sys
bad = []
for code in json.load(sys.stdin):
    body = ast.parse(code).body
    if len(body) != 1 or body[0].end_lineno != code.count("\\n") or len(code.splitlines()) != code.count("\\n"):
        bad.append(code)
json.dump(bad[:5], sys.stdout)
`;
  expect(JSON.parse(run("python3", ["-c", count], JSON.stringify(literals)))).toEqual([]);
});

test("a collection stays on one line exactly as long as that line fits", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom(..."ab配") }), { minLength: 1 }),
      fc.nat(90),
      (value, column) => {
        const oneLine = printPython(value, { width: Number.POSITIVE_INFINITY });
        const printed = printPython(value, { column });
        expect(oneLine).not.toContain("\n");
        expect(printed === oneLine).toBe(column + stringWidth(oneLine) <= 88);
      },
    ),
  );
});

test("a member stays on one line exactly as long as that line fits with its comma", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(99), { minLength: 1, maxLength: 20 }), (value) => {
      const line = `    "k": ${printPython(value, { width: Number.POSITIVE_INFINITY })},`;
      const printed = printPython({ k: value, long: "x".repeat(40) }, { width: 40 });
      expect(printed.split("\n").includes(line)).toBe(line.length <= 40);
    }),
    { numRuns: 500 },
  );
});

test("what does not fit gets one item a line, a trailing comma and four spaces from the indent", () => {
  expect(printPython({ a: [1, 2.5, 1e-5], b: { c: null, d: true }, e: [] }, { indent: 4, width: 24 })).toBe(
    '{\n        "a": [\n            1,\n            2.5,\n            1e-5,\n        ],\n        "b": {\n            "c": None,\n            "d": True,\n        },\n        "e": [],\n    }',
  );
});

test.each([
  ["a\"b\\c'", '"a\\"b\\\\c\'"'],
  ["\n\r\t\0\u007f\u0085", '"\\n\\r\\t\\x00\\x7f\\x85"'],
  ["\u2028\ud83d\ufeff", '"\\u2028\\ud83d\\ufeff"'],
  ["中文 é 👍", '"中文 é 👍"'],
])("the string %j is written %s", (value, text) => {
  expect(printPython(value)).toBe(text);
});

test("a number that is not finite is refused", () => {
  expect(() => printPython([NaN])).toThrow("cannot print NaN");
});
