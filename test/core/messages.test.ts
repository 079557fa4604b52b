import fc from "fast-check";
import { expect, test } from "vitest";
import type { Question } from "../../src/core/questions/define.ts";
import { questions } from "../../src/core/questions/table.ts";
import { presets } from "../../src/index.ts";
import { check } from "../../src/messages/check.ts";
import { emitted } from "../../src/messages/emitted.ts";
import { notes } from "../../src/messages/notes.ts";
import { planner } from "../../src/messages/planner.ts";
import { problems } from "../../src/messages/problems.ts";
import { reasons } from "../../src/messages/reasons.ts";
import { number } from "../../src/messages/sentence.ts";
import { terminal } from "../../src/messages/terminal.ts";
import { train } from "../../src/messages/train.ts";
import { xtuner } from "../../src/messages/xtuner.ts";
import { accepted, folderOf } from "./arbitrary.ts";
import { sources } from "./files.ts";

type Sentence = string | ((values: Readonly<Record<string, unknown>>) => string);
interface Row {
  readonly en: Sentence;
  readonly zh: Sentence;
}

const parts = { check, problems, reasons, notes, terminal, emitted, planner, train, xtuner };
const sentences = Object.values(parts).flatMap((part) => Object.entries(part as unknown as Readonly<Record<string, Row>>));
const codes = new Set(sentences.map(([code]) => code));

const templates = [...sources("templates", ".hbs")];
const code = [...sources("src", ".ts")].filter(([path]) => !/^src\/messages\/(?!message\.ts)/.test(path));

/** What a sentence says where its values are these. */
const said = (sentence: Sentence): string => (typeof sentence === "string" ? sentence : sentence(new Proxy({}, { get: (_, name) => (name === "least" || name === "until" ? null : 7) })));

test("no code stands in two parts of the catalogue", () => {
  expect(codes.size).toBe(sentences.length);
});

test.each(sentences)("%s is said in both languages, and each says it in its own", (_, { en, zh }) => {
  expect(typeof en).toBe(typeof zh);
  for (const sentence of [en, zh]) {
    expect(said(sentence).trim()).not.toBe("");
    expect(said(sentence)).not.toMatch(typeof sentence === "string" ? /undefined|\[object|\$\{/ : /undefined|\[object|\$\{|NaN/);
  }
  expect(said(en)).not.toMatch(/[\p{Script=Han}，。：；（）]/u);
  // A name that both languages write alike, and a unit, hold no sentence.
  if (/^(?:GPU|GPUs|World size|Hugging Face TrainingArguments)$/.test(said(en))) return;
  expect(said(zh)).not.toBe(said(en));
  expect(said(zh)).toMatch(/\p{Script=Han}/u);
});

test("a value that is put into one language is put into the other", () => {
  for (const [name, { en, zh }] of sentences) {
    if (typeof en === "string" || typeof zh === "string") continue;
    const used = (sentence: Exclude<Sentence, string>): readonly string[] => {
      const names = new Set<string>();
      sentence(new Proxy({}, { get: (_, key) => (names.add(String(key)), 7) }));
      return [...names].sort();
    };
    expect(used(zh), name).toEqual(used(en));
  }
});

test("a placeholder that Python fills in stands in both languages", () => {
  for (const [name, { en, zh }] of sentences) {
    const places = (sentence: Sentence): readonly string[] => (said(sentence).match(/%\(\w+\)[sd]/g) ?? []).toSorted();
    expect(places(zh), name).toEqual(places(en));
  }
});

test("every sentence that a template says exists", () => {
  let found = 0;
  for (const [path, text] of templates) {
    for (const [, name] of text.matchAll(/[{(]\s*(?:comment|t)\s+"([^"]+)"/g)) {
      found++;
      expect(codes, path).toContain(name);
    }
  }
  expect(found).toBeGreaterThan(40);
});

test("every file that is written has a line that says what it is", () => {
  fc.assert(
    fc.property(accepted, (job) => {
      for (const { path } of folderOf(job).files) expect(codes).toContain(`file.${path}`);
    }),
    { numRuns: 100 },
  );
});

test("no sentence is kept that nothing says", () => {
  const text = [...templates, ...code].map(([, content]) => content).join("\n");
  const files = new Set(fc.sample(accepted, 200).flatMap((job) => folderOf(job).files.map(({ path }) => `file.${path}`)));
  const unused = [...codes].filter((name) => !text.includes(`"${name}"`) && !files.has(name));
  expect(unused).toEqual([]);
});

test("the questions, their choices and the presets speak both languages", () => {
  const texts = [
    ...(questions as readonly Question[]).flatMap(({ label, why, form }) => [label, why, ...(form.kind === "choice" ? form.choices.flatMap(({ hint }) => hint ?? []) : [])]),
    ...presets.flatMap(({ title, answers, byMethod = {} }) => [
      title,
      ...[answers, ...Object.values(byMethod)].flatMap((rows) => Object.values(rows).map(({ because }) => because)),
    ]),
  ];
  expect(texts.length).toBeGreaterThan(100);
  for (const { en, zh } of texts) {
    expect(en).not.toMatch(/\p{Script=Han}/u);
    expect(en.trim()).toBe(en);
    expect(zh.trim()).not.toBe("");
    if (!/^(?:GPU|Adam beta2)$/.test(en)) expect(zh, en).toMatch(/\p{Script=Han}/u);
  }
});

test.each([
  [0, "0"],
  [1e-5, "1e-5"],
  [2.5e-6, "2.5e-6"],
  [0.001, "0.001"],
  [128, "128"],
  [9999, "9999"],
  [10_000, "10,000"],
  [200_000_000, "200,000,000"],
  [1234.5, "1234.5"],
])("the number %d is written %s", (value, text) => {
  expect(number(value)).toBe(text);
});
