import { layer } from "../core/layer.ts";
import { flagOf } from "../core/questions/define.ts";
import type { Answers, Key } from "../core/questions/table.ts";
import { repeatCommand } from "../core/repeat.ts";
import { message, speaker } from "../messages/message.ts";
import { UsageError } from "./errors.ts";
import type { Flags } from "./flags.ts";
import { countRows, readModelFile } from "./inputs.ts";
import { type Job, layers } from "./job.ts";
import { oneLine, type Terminal } from "./terminal.ts";

/** Questions without which there is no job; one of each group has to be answered. */
const required: readonly (readonly Key[])[] = [["model", "modelSize"], ["gpu", "gpuMemory"], ["gpus"]];

/** What `--yes` assumes of them: the wizard's own first choices. */
export const assumed: Answers = { model: "Qwen/Qwen2.5-7B-Instruct", gpu: "a100-80", gpus: 8 };

/** What was said: flags over the answers file over the preset. */
export async function saidOf(
  flags: Flags,
  terminal: Terminal,
): Promise<{ readonly said: Answers; readonly preset: string | null }> {
  const file =
    flags.answersFile === undefined
      ? { answers: {}, preset: null }
      : await (await import("./answers-file.ts")).readAnswersFile(flags.answersFile, terminal.cwd);
  const preset = flags.preset ?? file.preset;
  return { said: layers(preset, file.answers, flags.answers), preset };
}

/** With nobody to ask: what is missing is assumed when `--yes` allows it, and named otherwise. Without a folder, for `plan`. */
export function complete(said: Answers, yes: boolean, dir: string | null, terminal: Terminal): Answers {
  const missing = required
    .filter((group) => group.every((key) => said[key] === undefined))
    .map((group) => group[0] as Key);
  if (missing.length === 0) return said;
  const defaults = Object.fromEntries(missing.map((key) => [key, assumed[key]])) as Answers;
  if (!yes) {
    const flags = missing.map((key) => `--${flagOf(key)}`).join(", ");
    const whole = repeatCommand(dir ?? "x", null, {}, layer(defaults, said)).replace(/ --yes$/, "");
    const command = dir === null ? whole.replace(/^(npx create-train-config) x/, "$1 plan") : whole;
    throw new UsageError({
      message: message("terminal.missing", { flags }),
      instead: message("terminal.missingHow", { command }),
    });
  }
  terminal.tell(
    speaker(terminal.language)("create.defaults", {
      flags: missing.map((key) => `--${flagOf(key)} ${String(assumed[key])}`).join(" "),
    }),
  );
  return layer(defaults, said);
}

/** Reads what the answers point at: the model's config, and the rows of the data. */
export async function jobOf(answers: Answers, preset: string | null, name: string, terminal: Terminal): Promise<Job> {
  const modelFile = await readModelFile(answers.model, terminal.cwd);
  const rows = await countRows(answers, terminal.cwd);
  if (rows === null) return { answers, preset, modelFile, name };
  terminal.tell(speaker(terminal.language)("create.counted", { rows, data: oneLine(answers.data ?? "") }));
  return { answers: { ...answers, samples: rows }, preset, modelFile, name };
}
