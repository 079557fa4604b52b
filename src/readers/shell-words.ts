import type { Word } from "unbash";
import type { Range } from "./source.ts";

/** A piece of a word, with the place where its characters stand: after an expansion, where the variable was set. */
export interface Fragment {
  readonly text: string;
  readonly range: Range;
  /** Whether the characters stand in the file one for one, so that a part of the fragment has its own place. */
  readonly exact: boolean;
  readonly quoted: boolean;
  /** What only the shell that runs the script would know. */
  readonly unknown: boolean;
}

export interface ShellWord {
  /** The text after quotes and expansions; what is not known stands as it is written. */
  readonly text: string;
  readonly known: boolean;
  readonly quoted: boolean;
  /** Whether the text stands in the file as it is, so that it can be replaced there. */
  readonly exact: boolean;
  readonly range: Range;
}

export const unknown = (text: string, range: Range): Fragment => ({
  text,
  range,
  exact: false,
  quoted: true,
  unknown: true,
});

export const part = (fragment: Fragment, from: number, to: number): Fragment => ({
  ...fragment,
  text: fragment.text.slice(from, to),
  range: fragment.exact ? { from: fragment.range.from + from, to: fragment.range.from + to } : fragment.range,
});

export function join(fragments: readonly Fragment[]): readonly ShellWord[] {
  const [first] = fragments;
  const last = fragments[fragments.length - 1];
  if (first === undefined || last === undefined) return [];
  const text = fragments.map((each) => each.text).join("");
  if (text === "" && !first.quoted) return [];
  const one = fragments.length === 1;
  return [
    {
      text,
      known: fragments.every((each) => !each.unknown),
      quoted: fragments.some((each) => each.quoted),
      exact: one && first.exact,
      // Fragments of several places have no one range; the first is where a person would look.
      range: one || last.range.to < first.range.from ? first.range : { from: first.range.from, to: last.range.to },
    },
  ];
}

export function append(
  before: readonly (readonly Fragment[])[],
  values: readonly (readonly Fragment[])[],
  array: boolean,
): readonly (readonly Fragment[])[] {
  if (array) return [...before, ...values];
  const [first = [], ...rest] = before;
  return [[...first, ...values.flat()], ...rest];
}

/** `"${ARGS[@]}"` and `${ARGS[*]}`: every element a word. */
export const arrayName = (word: Word): string | null => /^"?\$\{(\w+)\[[@*]\]\}"?$/.exec(word.text)?.[1] ?? null;
