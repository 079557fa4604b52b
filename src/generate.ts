import template from "../templates/readme/readme.md.hbs";
import type { EmittedFile } from "./core/file.ts";
import type { Plan, Target } from "./core/plan/plan.ts";
import { render } from "./core/print/render.ts";
import { quotePath } from "./core/print/shell.ts";
import { findPreset, presetAnswers, presetReasons } from "./core/presets.ts";
import type { Answers } from "./core/questions/table.ts";
import { repeatCommand } from "./core/repeat.ts";
import { notesOf } from "./notes.ts";
import { flagEmbeddingTarget } from "./targets/flagembedding/target.ts";
import { readmeContext } from "./targets/readme.ts";
import { type Part, type Style, text } from "./targets/target.ts";
import { hfTarget } from "./targets/transformers/target.ts";
import { xtunerTarget } from "./targets/xtuner/target.ts";

/** A target is one pure function of the plan. */
const targets: Readonly<Record<Target, (plan: Plan, style: Style) => Part>> = {
  hf: hfTarget,
  xtuner: xtunerTarget,
  flagembedding: flagEmbeddingTarget,
};

/** What the README quotes besides the plan: how the folder came to be. */
export interface Origin {
  readonly answers: Answers;
  readonly preset: string | null;
}

/** Every file of a plan but the manifest. Pure: the same plan gives the same bytes. */
export function emit(plan: Plan, origin: Origin, style: Style): readonly EmittedFile[] {
  const preset = origin.preset === null ? null : findPreset(origin.preset);
  const parts = plan.targets.map((target) => targets[target](plan, style));
  const files = parts.flatMap((part) => part.files);
  const converts = parts.map((part) => part.converts).find((command) => command !== undefined) ?? null;
  const context = readmeContext(plan, style.language, {
    files: [...files.map((file) => file.path), "README.md", "train-config.json"],
    launches: parts.flatMap((part) => part.launches),
    converts,
    regenerate: `npx create-train-config regenerate ${quotePath(plan.name)}`,
    repeat: repeatCommand(
      plan.name,
      origin.preset,
      preset === null ? {} : presetAnswers(preset, origin.answers.method),
      origin.answers,
    ),
    notes: notesOf(plan),
    presetReasons: preset === null ? [] : presetReasons(preset, origin.answers),
  });
  return [...files, text("README.md", render(template, context))];
}
