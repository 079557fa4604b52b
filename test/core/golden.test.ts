import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Answers, generate, type Language, presets } from "../../src/index.ts";

interface Job {
  readonly preset: string;
  readonly answers: Answers;
  readonly language?: Language;
}

const script = new URL("../../scripts/presets.js", import.meta.url).href;
const { goldenJobs } = (await import(script)) as { readonly goldenJobs: Readonly<Record<string, Job>> };
const golden = new URL("../golden/", import.meta.url);
const AGAIN = "what is written has changed; if it should have, run `npm run presets` and read the difference";

test.each(Object.entries(goldenJobs))("%s gives the files of test/golden, byte by byte, and no others", (name, job) => {
  const folder = new URL(`${name}/`, golden);
  const result = generate({ name, ...job });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problems)}`);
  expect(result.files.map(({ path }) => path).sort(), AGAIN).toEqual(readdirSync(folder).sort());
  for (const { path, text } of result.files) expect(text, `${name}/${path}: ${AGAIN}`).toBe(readFileSync(new URL(path, folder), "utf8"));
});

test("the golden folders are those of the table, every preset is among them, and so is every method that it offers", () => {
  expect(readdirSync(golden).sort(), AGAIN).toEqual(Object.keys(goldenJobs).sort());
  const seen = Object.values(goldenJobs).map(({ preset, answers }) => `${preset} ${answers.method ?? "its own"}`);
  for (const { name, byMethod = {}, answers } of presets) {
    expect(seen).toContain(`${name} its own`);
    for (const method of Object.keys(byMethod)) if (method !== answers["method"]?.value) expect(seen).toContain(`${name} ${method}`);
  }
  expect(Object.values(goldenJobs).map(({ language }) => language)).toContain("zh");
});
