import fc from "fast-check";
import { format } from "prettier";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { printYaml } from "../../src/core/print/yaml.ts";
import { config, values } from "./arbitraries.ts";
import { expectSame } from "./run.ts";

test.each(["1.1", "1.2"] as const)("a YAML %s reader gets every value back, with its type", (version) => {
  fc.assert(
    fc.property(values, (value) => {
      expectSame(parse(printYaml(value), { version, merge: version === "1.1" }), value);
    }),
    { numRuns: 500 },
  );
});

test("Prettier leaves any value as it is printed", async () => {
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      const text = printYaml(value);
      expect(await format(text, { parser: "yaml" })).toBe(text);
    }),
    { numRuns: 200 },
  );
});

// PyYAML's own implicit resolvers, from its resolver.py: the `yaml` package's 1.1 schema is laxer on floats.
const PYYAML_FLOAT =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const PYYAML_INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;

test("PyYAML's resolvers see an int in a whole number and a float in any other", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.oneof(number, fc.integer(), fc.double({ min: -0.01, max: 0.01, noNaN: true })), (value) => {
      const text = printYaml(value).trimEnd();
      const whole = Number.isInteger(value) && Math.abs(value) < 1e21 && !Object.is(value, -0);
      expect(text).toMatch(whole ? PYYAML_INT : PYYAML_FLOAT);
      expect(Number(text)).toBe(value);
    }),
    { numRuns: 2000 },
  );
});

test("a plain string is nothing PyYAML resolves, and holds nothing its reader refuses", () => {
  const other =
    /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|~|null|Null|NULL||<<|=|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?.*)$/;
  fc.assert(
    fc.property(values, (value) => {
      const text = printYaml(value);
      expect(text).not.toMatch(/[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
      if (typeof value !== "string" || /^["']/.test(text)) return;
      for (const resolver of [PYYAML_FLOAT, PYYAML_INT, other]) expect(value).not.toMatch(resolver);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [1e-5, "1.0e-05"],
  [2.5e-6, "2.5e-06"],
  [1e21, "1.0e+21"],
  [-0, "-0.0"],
  [0.1, "0.1"],
  ["no", '"no"'],
  ["1:20", '"1:20"'],
  ["", '""'],
  ["E5", '"E5"'],
  ['"it\'s"', "'\"it''s\"'"],
  ['"a\\b"', '"\\"a\\\\b\\""'],
  ['say "hi"', 'say "hi"'],
  ["a\u0085b\u2028", '"a\\x85b\\u2028"'],
  ["Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B"],
  ["http://host:80/a", "http://host:80/a"],
  ["/data/中文 集", "/data/中文 集"],
])("%j is written %s", (value, text) => {
  expect(printYaml(value)).toBe(`${text}\n`);
});

test("lists and objects nest in block style", () => {
  expect(printYaml({ a: [1, { b: [], c: { d: null } }, [2, [3]]], e: {} })).toBe(
    "a:\n  - 1\n  - b: []\n    c:\n      d: null\n  - - 2\n    - - 3\ne: {}\n",
  );
});

test("a key longer than YAML allows for a simple key still reads back", () => {
  const value = { a: { ["k".repeat(3000)]: { b: [1] }, ["l".repeat(1001)]: 2 } };
  expect(parse(printYaml(value))).toStrictEqual(value);
});

test("a config reads back as one", () => {
  expect(parse(printYaml(config), { version: "1.1" })).toStrictEqual(config);
});
