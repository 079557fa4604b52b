import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { flagOf } from "../../src/core/questions/define.ts";
import { answersSchema, judgeAnswers, manifestSchema, presets, presetSchema, questions } from "../../src/index.ts";
import { accepted, anyAnswers, folderOf } from "./arbitrary.ts";
import { accepts } from "./json-schema.ts";

type Json = Readonly<Record<string, any>>;

const root = new URL("../../", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), "utf8");
const json = (path: string): Json => JSON.parse(text(path)) as Json;
const answers = answersSchema();

describe("the published schemas", () => {
  test("are written from the schemas that judge the files: otherwise run `npm run schema`", async () => {
    const script = new URL("scripts/schema.js", root).href;
    const { schemaTexts } = (await import(script)) as { readonly schemaTexts: () => Promise<Readonly<Record<string, string>>> };
    const texts = await schemaTexts();
    expect(readdirSync(new URL("schema/", root)).sort()).toEqual(Object.keys(texts).sort());
    for (const [name, expected] of Object.entries(texts)) expect(text(`schema/${name}`), name).toBe(expected);
  });

  test.each([
    ["answers", answers],
    ["preset", presetSchema()],
    ["train-config", manifestSchema],
  ])("say what the source says: %s", (name, schema) => {
    const { $id, title, ...published } = json(`schema/${name}.json`);
    expect([$id, title]).toEqual([expect.stringContaining(`/schema/${name}.json`), expect.stringContaining(name)]);
    expect(published).toEqual(z.toJSONSchema(schema as z.ZodType, { io: "input", unrepresentable: "any" }));
  });

  test("name every question, with its label and its reason, and nothing else", () => {
    const { properties, additionalProperties } = json("schema/answers.json");
    expect(Object.keys(properties).sort()).toEqual(["$schema", "preset", ...questions.map(({ key }) => key)].sort());
    expect(additionalProperties).toBe(false);
    for (const { key, label, why } of questions) expect(properties[key]["description"], flagOf(key)).toBe(`${label.en}. ${why.en}`);
  });
});

/** Values on each side of every bound, and values of the wrong type. */
const table: readonly unknown[] = [
  0, 1, 2, 3, 4, -1, 0.5, 1.5, 7, 8, 1e6, 1e6 + 1, 65_536, 65_537, 1e9, 1e12, 1e12 + 1, 1e13, 5e-324, 0.9999999, 1e-7, 4096, 4096.5, 1e300,
  "", " ", "a", "auto", "none", "0", "1", "8", "true", "bf16", "BF16", "cosine", "4.57", "4.57.6", "v4.57.6", "4", "4.57.6.1", "5.18.0rc1", "x".repeat(4096), "x".repeat(4097),
  true, false, null, [], ["hf"], ["hf", "hf"], ["HF"], ["a,b"], [" a"], ["-a"], ["a"], [""], [1], Array.from({ length: 64 }, () => "hf"), Array.from({ length: 65 }, () => "hf"), {}, { a: 1 },
];

/** JSON Schema can't ask for well-formed text without NUL, and counts characters where JavaScript counts halves of some. */
const sayable = (value: unknown): boolean => JSON.stringify(value)?.match(/\\u0000|\\ud[89a-f]|[\ud800-\udfff]/) === null;

describe("an editor that follows the JSON Schema and the tool itself", () => {
  const schema = json("schema/answers.json");

  test("agree on values on both sides of every bound, for every question", () => {
    for (const { key, form } of questions) {
      const values = [...table, ...(form.kind === "choice" ? form.choices.map((choice) => choice.value) : [])];
      const taken = values.filter((value) => {
        const own = judgeAnswers({ [key]: value }).bad.length === 0;
        expect(accepts(schema, { [key]: value }), `${key}: ${JSON.stringify(value)}`).toBe(own);
        expect(answers.safeParse({ [key]: value }).success).toBe(own);
        return own;
      });
      expect(taken.length, key).toBeGreaterThan(0);
      expect(taken.length, key).toBeLessThan(values.length);
    }
  });

  test("agree on any answers, and on any other JSON", () => {
    const anything = fc.dictionary(fc.constantFrom("model", "gpus", "zero", "loraTargets", "nothing", "__proto__"), fc.jsonValue({ maxDepth: 1 }), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.oneof(anyAnswers, anything, fc.jsonValue()), (value) => {
        fc.pre(sayable(value));
        expect(accepts(schema, value)).toBe(answers.safeParse(value).success);
      }),
      { numRuns: 500 },
    );
  });
});

test.each(presets.map(({ name }) => name))("the preset %s is what its schema says, and its answers are possible for every method", (name) => {
  const preset = json(`presets/${name}.json`);
  expect(presetSchema().safeParse(preset).error).toBeUndefined();
  expect(accepts(json("schema/preset.json"), preset)).toBe(true);
  expect([preset["name"], preset["$schema"]]).toEqual([name, "../schema/preset.json"]);
  for (const rows of [preset["answers"], ...Object.values<Json>(preset["byMethod"] ?? {})] as Json[]) {
    const values = Object.fromEntries(Object.entries<Json>(rows).map(([key, row]) => [key, row["value"]]));
    expect(judgeAnswers(values).bad).toEqual([]);
  }
});

const sha256 = (content: string): string => `sha256:${createHash("sha256").update(content, "utf8").digest("hex")}`;

function expectManifest(manifest: unknown, files: ReadonlyMap<string, string>): void {
  expect(manifestSchema.safeParse(manifest).error).toBeUndefined();
  expect(accepts(json("schema/train-config.json"), manifest)).toBe(true);
  const { answers: said, files: digests } = manifest as Json;
  expect(judgeAnswers(said).bad).toEqual([]);
  expect(digests).toEqual(Object.fromEntries(Array.from(files, ([path, content]) => [path, sha256(content)])));
}

test.each(readdirSync(new URL("test/golden/", root)))("the manifest of the golden folder %s is valid and knows its files", (name) => {
  const paths = readdirSync(new URL(`test/golden/${name}/`, root)).filter((path) => path !== "train-config.json");
  const manifest = json(`test/golden/${name}/train-config.json`);
  expectManifest(manifest, new Map(paths.map((path) => [path, text(`test/golden/${name}/${path}`)])));
});

test("the manifest of any folder is valid and knows its files", () => {
  fc.assert(
    fc.property(accepted, (job) => {
      const { files, json: read } = folderOf(job);
      const others = files.filter(({ path }) => path !== "train-config.json").map(({ path, text: content }) => [path, content] as const);
      const manifest = read("train-config.json") as Json;
      expectManifest(manifest, new Map(others));
      expect(manifest["name"]).toBe(job.name ?? "train-config");
    }),
    { numRuns: 60 },
  );
});
