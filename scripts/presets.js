// Writes the golden files: what every preset, with every method it offers, gives in each language.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { generate } from "../dist/index.js";

/** Folder → job; the tests read the same table. */
export const goldenJobs = {
  "qwen-7b": { preset: "qwen-7b", answers: {} },
  "qwen-7b-lora": { preset: "qwen-7b", answers: { method: "lora" } },
  "qwen-7b-qlora": { preset: "qwen-7b", answers: { method: "qlora" } },
  "qwen2-72b": { preset: "qwen2-72b", answers: {} },
  bge: { preset: "bge", answers: {} },
  "bge-zh": { preset: "bge", answers: {}, language: "zh" },
};

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const [name, job] of Object.entries(goldenJobs)) {
    const folder = new URL(`../test/golden/${name}/`, import.meta.url);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const result = generate({ name, ...job });
    if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.problems)}`);
    for (const file of result.files) writeFileSync(new URL(file.path, folder), file.text);
  }
}
