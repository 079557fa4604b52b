import bge from "../../presets/bge.json" with { type: "json" };
import qwen7b from "../../presets/qwen-7b.json" with { type: "json" };
import qwen272b from "../../presets/qwen2-72b.json" with { type: "json" };
import type { Text } from "./questions/define.ts";
import type { Answers, Key } from "./questions/table.ts";

/** One answer of a preset, with the reason for it and where that stands. */
export interface PresetAnswer {
  readonly value: unknown;
  readonly because: Text;
  readonly source: string;
}

/** A recipe: answers with their reasons. `byMethod` are those that hold for one method only. */
export interface Preset {
  readonly name: string;
  readonly title: Text;
  readonly answers: Readonly<Record<string, PresetAnswer>>;
  readonly byMethod?: Readonly<Record<string, Readonly<Record<string, PresetAnswer>>>>;
}

export const presets: readonly Preset[] = [qwen7b, qwen272b, bge] as readonly Preset[];

export const findPreset = (name: string): Preset | null => presets.find((preset) => preset.name === name) ?? null;

/** A preset's answers for a method, or for its own where none is given. */
export function presetAnswers(preset: Preset, method?: Answers["method"]): Answers {
  const chosen = method ?? (preset.answers["method"]?.value as Answers["method"]);
  const rows = { ...preset.answers, ...(chosen === undefined ? {} : preset.byMethod?.[chosen]) };
  return Object.fromEntries(Object.entries(rows).map(([key, { value }]) => [key, value])) as Answers;
}

/** The reasons of those preset answers that still hold: nobody said otherwise. */
export function presetReasons(preset: Preset, answers: Answers): readonly (PresetAnswer & { readonly key: Key })[] {
  const rows = { ...preset.answers, ...preset.byMethod?.[answers.method ?? ""] };
  return (Object.entries(rows) as [Key, PresetAnswer][])
    .filter(([key, row]) => answers[key] === row.value)
    .map(([key, row]) => ({ ...row, key }));
}
