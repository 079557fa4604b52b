import { batchQuestions } from "./batch.ts";
import type { AnswerTo, Question } from "./define.ts";
import { embeddingQuestions } from "./embedding.ts";
import { engineQuestions } from "./engine.ts";
import { hardwareQuestions } from "./hardware.ts";
import { lengthQuestions } from "./length.ts";
import { modelQuestions } from "./model.ts";
import { outputQuestions } from "./output.ts";
import { scheduleQuestions } from "./schedule.ts";

/**
 * THE table: everything a person may say about a job, in the order in which the wizard asks. The flags, the wizard, the
 * answers file, the JSON Schema, the help page and the shell completion are all derived from it.
 */
export const questions = [
  ...modelQuestions,
  ...hardwareQuestions,
  ...engineQuestions,
  ...scheduleQuestions,
  ...lengthQuestions,
  ...embeddingQuestions,
  ...batchQuestions,
  ...outputQuestions,
] as const;

type Row = (typeof questions)[number];
export type Key = Row["key"];

/** What a person said, and nothing else: every property is optional, what is missing is decided by the plan. */
export type Answers = {
  readonly [Q in Row as Q["key"]]?: Q extends Question<string, infer F> ? AnswerTo<F> : never;
};

export const keys: readonly Key[] = questions.map((row) => row.key);

const byKey = new Map<string, Question<Key>>(questions.map((row) => [row.key, row]));

/** The row of a key; null for a name that is no question. */
export const findQuestion = (key: string): Question<Key> | null => byKey.get(key) ?? null;
