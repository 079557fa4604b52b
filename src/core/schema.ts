import * as z from "zod";
import { presets } from "./presets.ts";
import type { Form } from "./questions/define.ts";
import { questions } from "./questions/table.ts";

/** A text that every file format can carry: not empty, no NUL, well-formed Unicode, short enough for a command line. */
const plainText = z
  .string()
  .min(1)
  .max(4096)
  .refine((text) => !text.includes("\0") && text.isWellFormed());

/** An item of a list: it has to come back from a comma-separated flag as it was. */
const listed = plainText.regex(/^[^\s,-]([^,]*[^\s,])?$/u);

/** The schema that judges an answer, wherever it was given. */
export function schemaOf(form: Form): z.ZodType {
  switch (form.kind) {
    case "integer": {
      const whole = z.int().min(form.min).max(form.max);
      return form.auto ? z.union([z.literal("auto"), whole]) : whole;
    }
    case "number": {
      const real = z.number().max(form.max);
      return form.above === undefined ? real.min(form.min ?? 0) : real.gt(form.above);
    }
    case "choice":
      return z.literal(form.choices.map((choice) => choice.value));
    case "list":
      return z
        .array(form.values ? z.enum(form.values as [string, ...string[]]) : listed)
        .min(1)
        .max(64);
    case "switch":
      return z.boolean();
    case "version":
      return z.string().regex(/^\d{1,4}\.\d{1,4}(\.\d{1,4})?$/);
    case "text":
      return plainText;
  }
}

/** The schema of an answers file, as zod and as the published JSON Schema. */
export function answersSchema(): z.ZodType {
  return z.strictObject({
    $schema: z.string().optional(),
    preset: z
      .enum(presets.map((preset) => preset.name))
      .optional()
      .describe("A recipe that the answers stand over."),
    ...Object.fromEntries(
      questions.map((row) => [row.key, schemaOf(row.form).optional().describe(`${row.label.en}. ${row.why.en}`)]),
    ),
  });
}

/** The schema of a preset file, as zod and as the published JSON Schema; the values are judged as answers. */
export function presetSchema(): z.ZodType {
  const text = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) });
  const answers = z.record(
    z.string(),
    z.strictObject({ value: z.unknown(), because: text, source: z.string().min(1) }),
  );
  return z.strictObject({
    $schema: z.string().optional(),
    name: z.string(),
    title: text,
    answers,
    byMethod: z.record(z.string(), answers).optional(),
  });
}

/** What is read back of a manifest; the answers are judged by their own schema. */
export const manifestSchema = z.object({
  tool: z.literal("create-train-config"),
  version: z.string(),
  name: z.string().min(1),
  language: z.enum(["en", "zh"]),
  preset: z.string().nullable(),
  answers: z.record(z.string(), z.unknown()),
  modelFile: z
    .object({
      architecture: z.record(z.string(), z.unknown()),
      params: z.number().positive(),
      exact: z.boolean(),
      family: z.string().nullable(),
    })
    .optional(),
  files: z.record(z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/), z.string()),
});
