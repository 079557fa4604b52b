import { check } from "./check.ts";
import { emitted } from "./emitted.ts";
import { notes } from "./notes.ts";
import { planner } from "./planner.ts";
import { problems } from "./problems.ts";
import { reasons } from "./reasons.ts";
import { terminal } from "./terminal.ts";
import { train } from "./train.ts";
import { xtuner } from "./xtuner.ts";

type Catalog = typeof check &
  typeof problems &
  typeof reasons &
  typeof notes &
  typeof terminal &
  typeof emitted &
  typeof planner &
  typeof train &
  typeof xtuner;

const catalog: Catalog = {
  ...check,
  ...problems,
  ...reasons,
  ...notes,
  ...terminal,
  ...emitted,
  ...planner,
  ...train,
  ...xtuner,
};

export type Code = keyof Catalog;

/** A sentence inside a sentence is given as a message, and said in the same language. */
type Values<V> = { readonly [K in keyof V]: V[K] extends string ? V[K] | Message : V[K] };
type Arguments<C extends Code> = Catalog[C]["en"] extends (values: infer V) => string ? [Values<V>] : [];

/** Something to tell a person, as a code and its values; the wording is chosen at the edge, by language. */
export interface Message {
  readonly code: Code;
  readonly values?: Readonly<Record<string, unknown>>;
}

export type Language = "en" | "zh";
export const languages: readonly Language[] = ["en", "zh"];

/** A message with the values that its sentence needs, checked by the compiler. */
export function message<C extends Code>(code: C, ...values: Arguments<C>): Message {
  return values.length === 0 ? { code } : { code, values: values[0] as Record<string, unknown> };
}

/** The sentence in a language. */
export function say(language: Language, { code, values }: Message): string {
  const sentence: unknown = catalog[code][language];
  if (typeof sentence === "string") return sentence;
  const said = Object.fromEntries(
    Object.entries(values ?? {}).map(([key, value]) => [key, isMessage(value) ? say(language, value) : value]),
  );
  return (sentence as (values: unknown) => string)(said);
}

/** Says messages in one language. */
export const speaker =
  (language: Language) =>
  <C extends Code>(code: C, ...values: Arguments<C>): string =>
    say(language, message(code, ...values));

export type Speaker = ReturnType<typeof speaker>;

const isMessage = (value: unknown): value is Message =>
  typeof value === "object" && value !== null && "code" in value && (value as Message).code in catalog;
