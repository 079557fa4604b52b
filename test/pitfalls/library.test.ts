import { expect, test } from "vitest";
import { check, explain, mend } from "../../src/index.ts";
import { pitfalls } from "../../src/pitfalls/all.ts";

const files = pitfalls.find(({ id }) => id === "scheduler-overrides-hf")?.bad[0]?.files ?? {};

test("the library mends what it finds, as texts, and finds no such thing after it", () => {
  const fixable = new Set(check(files).findings.filter(({ edits }) => edits.length > 0).map(({ rule }) => rule));
  const mended = mend(files);
  expect(mended.map(({ file }) => file)).toEqual(["ds_config.json"]);
  expect(mended[0]?.before).toBe(files["ds_config.json"]);
  const after = { ...files, ...Object.fromEntries(mended.map(({ file, after: text }) => [file, text])) };
  expect(fixable.size).toBeGreaterThan(0);
  expect(check(after).findings.filter(({ rule }) => fixable.has(rule))).toEqual([]);
  expect(mend(after)).toEqual([]);
});

test("the library explains a name or a line of a log, in both languages", () => {
  const [one] = explain("AssertionError: bfloat16 and fp16 modes cannot be simultaneously enabled");
  expect(one).toMatchObject({ id: "precision-both-enabled", severity: "error" });
  expect(one?.why.zh).toMatch(/\p{Script=Han}/u);
  expect(explain("nothing that anybody prints")).toEqual([]);
});
