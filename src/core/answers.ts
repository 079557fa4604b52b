import type * as z from "zod";
import { nearest } from "../catalog/nearest.ts";
import { type Message, message } from "../messages/message.ts";
import { flagOf, type Form, readFlag } from "./questions/define.ts";
import { type Answers, findQuestion, type Key, keys } from "./questions/table.ts";
import { schemaOf } from "./schema.ts";

/** An answer that can't be one: the name or the value is wrong. `place` is how the person named it. */
export interface BadAnswer {
  readonly place: string;
  readonly message: Message;
  readonly instead: Message | null;
}

export interface Judged {
  readonly answers: Answers;
  readonly bad: readonly BadAnswer[];
}

const schemas = new Map<Key, z.ZodType>();

function schemaFor(key: Key, form: Form): z.ZodType {
  const known = schemas.get(key);
  if (known !== undefined) return known;
  const schema = schemaOf(form);
  schemas.set(key, schema);
  return schema;
}

/** Judges the values of an answers file or a preset, by the same schemas as the flags. */
export function judgeAnswers(raw: Readonly<Record<string, unknown>>): Judged {
  const answers: Record<string, unknown> = {};
  const bad: BadAnswer[] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (key === "$schema") continue;
    const row = findQuestion(key);
    if (row === null) {
      bad.push({ place: key, message: message("problem.unknownKey", { key }), instead: nearNames(key, keys) });
      continue;
    }
    const problem = judge(row.key, row.form, value, key);
    if (problem === null) answers[key] = value;
    else bad.push(problem);
  }
  return { answers: answers as Answers, bad };
}

/** Judges the words given after flags; `words` maps a question's key to its words. */
export function judgeFlags(words: ReadonlyMap<Key, string>): Judged {
  const answers: Record<string, unknown> = {};
  const bad: BadAnswer[] = [];
  for (const [key, text] of words) {
    const row = findQuestion(key);
    if (row === null) continue;
    const place = `--${flagOf(key)}`;
    const value = readFlag(row.form, text);
    const problem = judge(key, row.form, value, place, text);
    if (problem === null) answers[key] = value;
    else bad.push(problem);
  }
  return { answers: answers as Answers, bad };
}

/** Whether a value answers a question; null when it does. */
export function judge(key: Key, form: Form, value: unknown, place: string, typed?: string): BadAnswer | null {
  if (schemaFor(key, form).safeParse(value).success) return null;
  const shown =
    typed ??
    (typeof value === "string"
      ? `"${value}"`
      : typeof value === "number"
        ? String(value)
        : (JSON.stringify(value) ?? String(value)));
  return {
    place,
    message: message("problem.value", {
      value: shown.length > 80 ? `${shown.slice(0, 77)}…` : shown,
      expected: expected(form),
    }),
    instead: nearValues(form, value),
  };
}

function expected(form: Form): Message {
  switch (form.kind) {
    case "integer":
      return message("expected.integer", { min: form.min, max: form.max, auto: form.auto ?? false });
    case "number":
      return form.above === undefined
        ? message("expected.numberFrom", { min: form.min ?? 0, max: form.max })
        : message("expected.numberAbove", { above: form.above, max: form.max });
    case "choice":
      return message("expected.oneOf", { values: form.choices.map((choice) => choice.value).join(", ") });
    case "list":
      return form.values === undefined
        ? message("expected.list")
        : message("expected.listOf", { values: form.values.join(", ") });
    case "switch":
      return message("expected.switch");
    case "version":
      return message("expected.version");
    case "text":
      return message("expected.text");
  }
}

function nearValues(form: Form, value: unknown): Message | null {
  if (typeof value !== "string") return null;
  if (form.kind === "choice")
    return nearNames(
      value,
      form.choices.map((choice) => String(choice.value)),
    );
  // Text quoted in YAML or JSON where a number is meant.
  if ((form.kind === "integer" || form.kind === "number") && /^[\d.]+$/.test(value))
    return message("instead.unquote", { value });
  return null;
}

function nearNames(name: string, names: readonly string[]): Message | null {
  const near = nearest(name, names);
  return near.length === 0 ? null : message("instead.mean", { values: near.join(", ") });
}
