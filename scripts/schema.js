// Writes the published JSON Schemas from the schemas that judge the files.
import { mkdirSync, writeFileSync } from "node:fs";
import * as prettier from "prettier";
import * as z from "zod";
import { answersSchema, manifestSchema, presetSchema } from "../dist/index.js";

const schemas = { answers: answersSchema(), preset: presetSchema(), "train-config": manifestSchema };

/** File name → text, as the tests compare it. */
export async function schemaTexts() {
  const texts = {};
  for (const [name, schema] of Object.entries(schemas)) {
    const value = {
      $id: `https://cdn.jsdelivr.net/npm/create-train-config/schema/${name}.json`,
      title: `create-train-config: ${name}`,
      // What cannot be said in JSON Schema (well-formed Unicode, no NUL) is left to the tool.
      ...z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }),
    };
    texts[`${name}.json`] = await prettier.format(JSON.stringify(value), { parser: "json" });
  }
  return texts;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  mkdirSync(new URL("../schema/", import.meta.url), { recursive: true });
  for (const [name, text] of Object.entries(await schemaTexts())) {
    writeFileSync(new URL(`../schema/${name}`, import.meta.url), text);
  }
}
