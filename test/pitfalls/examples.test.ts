import { describe, expect, test } from "vitest";
import { check, type Finding } from "../../src/check.ts";
import { pitfalls } from "../../src/pitfalls/all.ts";
import { mend } from "../../src/mend.ts";
import type { Example } from "../../src/pitfalls/pitfall.ts";
import { Source } from "../../src/readers/source.ts";

const found = (example: Example, files = example.files): readonly Finding[] => check(files, { context: example.context ?? {} }).findings;

/** The files after every edit that a rule offers. */
function mended({ context = {} }: Example, files: Example["files"], rule: string): Readonly<Record<string, string>> {
  const changed = mend(Object.entries(files).map(([path, text]) => new Source(path, text)), { context }, rule);
  return { ...files, ...Object.fromEntries(changed.map(({ file, after }) => [file, after])) };
}

test("names and codes are given once", () => {
  expect(new Set(pitfalls.map(({ id }) => id)).size).toBe(pitfalls.length);
  expect(new Set(pitfalls.map(({ code }) => code)).size).toBe(pitfalls.length);
  for (const { id, code } of pitfalls) {
    expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(code).toMatch(/^[A-Z]{2}\d{3}$/);
  }
});

describe.each(pitfalls.map((pitfall) => [pitfall.id, pitfall] as const))("%s", (id, pitfall) => {
  test("is found in each of its bad examples, with its place in a file", () => {
    expect(pitfall.bad.length).toBeGreaterThan(0);
    for (const example of pitfall.bad) {
      const hits = found(example).filter(({ rule }) => rule === id);
      expect(hits, Object.values(example.files).join("\n")).not.toEqual([]);
      for (const { file, line, column, key } of hits) {
        expect(Object.keys(example.files)).toContain(file);
        const lines = (example.files[file] ?? "").split("\n");
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
        expect(key).not.toBe("");
      }
    }
  });

  test("is not found in its good examples, and they hold no error", () => {
    expect(pitfall.good.length).toBeGreaterThan(0);
    for (const example of pitfall.good) {
      const hits = found(example);
      expect(hits.filter(({ rule, severity }) => rule === id || severity === "error").map(({ rule, key }) => `${rule} ${key}`)).toEqual([]);
    }
  });

  test("is mended by its fix, which brings no other pitfall and changes nothing the second time", () => {
    for (const example of pitfall.bad) {
      const before = found(example);
      if (!before.some(({ rule, edits }) => rule === id && edits.length > 0)) continue;
      const files = mended(example, example.files, id);
      const after = found(example, files);
      const places = new Set(before.filter(({ rule, edits }) => rule === id && edits.length > 0).map(({ group }) => group));
      const left = before.filter(({ rule, group }) => rule === id && !places.has(group)).length;
      expect(after.filter(({ rule }) => rule === id).length, Object.values(files).join("\n")).toBeLessThanOrEqual(left);
      const known = new Set(before.map(({ rule }) => rule));
      expect(after.filter(({ rule, severity }) => !known.has(rule) && severity !== "info").map(({ rule }) => rule)).toEqual([]);
      expect(mended(example, files, id)).toEqual(files);
    }
  });

  test("speaks both languages, and names where it comes from", () => {
    const texts = [pitfall.title, pitfall.why, pitfall.fix, ...(pitfall.versions === undefined ? [] : [pitfall.versions]), ...pitfall.bad.flatMap((example) => found(example).map(({ message }) => message))];
    for (const { en, zh } of texts) {
      expect(en).not.toMatch(/\p{Script=Han}|undefined|NaN(?!\b)|\[object/u);
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(zh).not.toMatch(/undefined|\[object/);
    }
    expect(pitfall.sources.length).toBeGreaterThan(0);
    for (const source of pitfall.sources) expect(source).toMatch(/^[\w.-]+\/[\w.-]+(?:#\d+|:\S+)$/);
  });
});
