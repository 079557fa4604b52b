import { number } from "../messages/sentence.ts";
import { type Code, type Language, type Message, say, type Speaker, speaker } from "../messages/message.ts";
import { mdCode, mdText } from "../core/print/markdown.ts";
import type { Context } from "../core/print/render.ts";
import type { Plan } from "../core/plan/plan.ts";
import { type Curve, curveOf, learningRate } from "../core/plan/schedule.ts";
import type { PresetAnswer } from "../core/presets.ts";
import { findQuestion, type Key } from "../core/questions/table.ts";
import { GiB } from "../core/units.ts";

/** What the README tells beyond the plan: it is written last, when the other files are known. */
export interface Folder {
  readonly files: readonly string[];
  readonly launches: readonly string[];
  readonly converts: string | null;
  readonly regenerate: string;
  readonly repeat: string;
  readonly notes: readonly Message[];
  /** Why the preset says what it says. */
  readonly presetReasons: readonly (PresetAnswer & { readonly key: Key })[];
}

/** The values of `templates/readme/readme.md.hbs`. */
export function readmeContext(plan: Plan, language: Language, folder: Folder): Context {
  const tell = speaker(language);
  const { batch, hardware, model, precision, schedule, task, zero } = plan;
  const card =
    hardware.card.kind === "listed" ? hardware.card.gpu.name : `${Math.round(hardware.memory / GiB)} GiB GPU`;
  const curve = plan.length.kind === "epochs" ? null : curveOf(schedule, plan.length.total);
  return {
    language,
    // A name of blanks alone would leave the heading empty.
    title: mdText(plan.name) || mdCode(plan.name),
    embedding: task.kind === "embedding",
    intro: {
      model: mdText(model.label),
      method: plan.method.kind,
      gpus: `${hardware.gpus} × ${card}`,
      precision: precision.kind,
      stage: zero.stage,
    },
    dataCode: mdCode(plan.data),
    several: hardware.nodes > 1 ? hardware.nodes : null,
    launchText: folder.launches.join("\n"),
    converts: folder.converts,
    resumes: plan.targets.includes("hf"),
    numbers: [
      tell("readme.batch", batch),
      lengthLine(plan, curve, tell),
      tell("readme.memory", { needed: gib(plan.memory.needed), available: gib(plan.memory.available) }),
    ],
    schedulerCode: mdCode(schedule.shape.name),
    ownerCode: mdCode(schedule.owner.kind),
    rates:
      curve === null
        ? []
        : tellingSteps(curve).map((step) =>
            tell("readme.rateRow", { step: step + 1, lr: number(rounded(learningRate(curve, step))) }),
          ),
    watch: [
      tell("readme.watch.lr"),
      ...(schedule.owner.kind === "deepspeed" ? [tell("readme.watch.lrDeepspeed")] : []),
      tell("readme.watch.loss"),
      tell("readme.watch.norm"),
      ...(task.kind === "embedding" ? [tell("readme.watch.embedding")] : []),
    ],
    decisions: [
      ...folder.presetReasons.map(({ key, value, because, source }) => ({
        label: findQuestion(key)?.label[language] ?? key,
        value: typeof value === "number" ? number(value) : String(value),
        because: because[language],
        source,
      })),
      ...plan.decisions.map(({ key, value, because, source }) => ({
        label:
          findQuestion(key)?.label[language] ??
          tell(key === "totalSteps" ? "label.totalSteps" : key === "buckets" ? "label.buckets" : "label.worldSize"),
        value: typeof value === "number" ? number(value) : String(value),
        because: say(language, because),
        source: source ?? null,
      })),
    ],
    notes: folder.notes.map((note) => say(language, note)),
    files: folder.files.map((path) => ({ path, what: say(language, { code: `file.${path}` as Code }) })),
    regenerate: folder.regenerate,
    repeat: folder.repeat,
  };
}

const gib = (bytes: number): string => (bytes / GiB).toFixed(1);

/** Six significant digits tell two learning rates apart, and a reader from a log. */
const rounded = (rate: number): number => Number(rate.toPrecision(6));

/** Steps (from 0) at which a reader can tell one curve from another: the first, the end of warm-up, quarters, the last. */
export function tellingSteps({ warmup, total }: Curve): readonly number[] {
  const wanted = [0, 1, warmup, Math.round(total / 4), Math.round(total / 2), Math.round((3 * total) / 4), total - 1];
  return [...new Set(wanted.filter((step) => step >= 0 && step < total))].sort((a, b) => a - b);
}

function lengthLine(plan: Plan, curve: Curve | null, tell: Speaker): string {
  if (curve !== null) return tell("readme.lengthKnown", { total: curve.total, warmup: curve.warmup });
  const { warmup } = plan.schedule;
  return tell("readme.lengthEpochs", {
    epochs: plan.length.kind === "epochs" ? plan.length.epochs : 0,
    warmup:
      warmup.kind === "ratio"
        ? `${number(warmup.ratio * 100)} %`
        : warmup.kind === "steps"
          ? String(warmup.steps)
          : "0",
  });
}
