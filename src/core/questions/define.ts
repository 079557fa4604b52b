/** A sentence in both languages of the product; neither is a translation of second rank. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** The parts of a job that belong together on the help page and in the wizard. */
export type Group = "model" | "hardware" | "engine" | "schedule" | "batch" | "length" | "embedding" | "output";

export interface Choice<Value extends string | number = string | number> {
  readonly value: Value;
  readonly hint?: Text;
}

/** What may be said in answer to a question; the zod schema, the flag's reader and the JSON Schema all follow from it. */
export type Form =
  | { readonly kind: "integer"; readonly min: number; readonly max: number; readonly auto?: boolean }
  | { readonly kind: "number"; readonly above?: number; readonly min?: number; readonly max: number }
  | { readonly kind: "choice"; readonly choices: readonly Choice[] }
  | { readonly kind: "list"; readonly values?: readonly string[] }
  | { readonly kind: "text" }
  | { readonly kind: "version" }
  | { readonly kind: "switch" };

type Auto<F> = F extends { readonly auto: true } ? "auto" : never;

/** The TypeScript type of an answer, from the question's form. */
export type AnswerTo<F extends Form> = F extends { readonly kind: "integer" }
  ? number | Auto<F>
  : F extends { readonly kind: "number" }
    ? number
    : F extends { readonly kind: "choice"; readonly choices: readonly Choice<infer Value>[] }
      ? Value
      : F extends { readonly kind: "list"; readonly values: readonly (infer Value)[] }
        ? readonly Value[]
        : F extends { readonly kind: "list" }
          ? readonly string[]
          : F extends { readonly kind: "switch" }
            ? boolean
            : string;

export interface Question<Key extends string = string, F extends Form = Form> {
  /** The property in an answers file; the flag is the same in kebab-case. */
  readonly key: Key;
  readonly group: Group;
  readonly form: F;
  readonly label: Text;
  /** One line: why anybody would change it. */
  readonly why: Text;
  /** Asked by the wizard, in the order of the table; all other questions have a default that the summary shows. */
  readonly asked?: true;
  /** Said only of one kind of task; with the other it is refused. */
  readonly task?: "sft" | "embedding";
  /** Shown on the short help page. */
  readonly main?: true;
}

/** Types a row of the question table without widening it. */
export function question<const Key extends string, const F extends Form>(row: Question<Key, F>): Question<Key, F> {
  return row;
}

/** `warmupRatio` → `warmup-ratio`. */
export const flagOf = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The value that the words after a flag stand for, still to be judged by the schema: `8` is a number, `eight` stays the
 * text that it is, so that the schema can refuse it.
 */
export function readFlag(form: Form, words: string): unknown {
  const text = words.trim();
  switch (form.kind) {
    case "integer":
    case "number":
      return decimal.test(text) ? Number(text) : text;
    case "choice": {
      const known = form.choices.find((choice) => String(choice.value) === text.toLowerCase().replaceAll("-", "_"));
      const exact = form.choices.find((choice) => String(choice.value) === text);
      return exact?.value ?? known?.value ?? text;
    }
    case "list":
      return text.split(",").map((part) => part.trim());
    case "switch":
      return text === "true" ? true : text === "false" ? false : text;
    case "version":
      return text.replace(/^v/, "");
    case "text":
      return words;
  }
}

/** The words that say `value` on a command line; `readFlag` reads them back. */
export function writeFlag(value: unknown): string {
  return Array.isArray(value) ? value.join(",") : String(value);
}
