import { environments } from "../../catalog/requirements.ts";
import { engineRanges, newestKnownGood as newest } from "../../catalog/versions.ts";
import { message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import { atLeast, compareVersions, parseVersion, showVersion, type Version } from "../version.ts";
import type { ModelPlan, Task, Versions } from "./plan.ts";
import { decide, type Findings, refuse } from "./problem.ts";
import type { ShapeName } from "./schedule.ts";

type Engine = keyof typeof engineRanges;

const version = (text: string): Version => parseVersion(text) as Version;

const newestKnownGood: Readonly<Record<Engine, Version>> = {
  transformers: version(newest.transformers),
  deepspeed: version(newest.deepspeed),
  xtuner: version(newest.xtuner),
  flagembedding: version(newest.flagembedding),
};

/** The versions that the files are written for, and refusals of those that can't do what was asked. */
export function resolveVersions(
  answers: Answers,
  model: ModelPlan,
  task: Task["kind"],
  scheduler: ShapeName,
  findings: Findings,
): Versions {
  const transformers = resolveTransformers(answers, model, task, scheduler, findings);
  return {
    transformers,
    deepspeed: resolve("deepspeed", answers, usualDeepSpeed(transformers), findings),
    xtuner: resolve("xtuner", answers, defaultXTuner(model), findings),
    flagembedding: resolve("flagembedding", answers, newestKnownGood.flagembedding, findings),
  };
}

function resolve(engine: Engine, answers: Answers, usual: Version, findings: Findings): Version {
  const asked = answers[engine];
  if (asked === undefined) {
    decide(findings, engine, showVersion(usual), message("because.version"));
    return usual;
  }
  const parsed = version(asked);
  const { from, below } = engineRanges[engine];
  if (!atLeast(parsed, from) || atLeast(parsed, below)) {
    refuse(
      findings,
      [engine],
      message("problem.versionRange", { engine, version: asked, from, below }),
      message("instead.flag", { flag: `--${engine} ${showVersion(usual)}` }),
    );
  } else if (compareVersions(parsed, newestKnownGood[engine]) > 0) {
    findings.notes.push(
      message("note.versionUntested", { engine, version: asked, newest: showVersion(newestKnownGood[engine]) }),
    );
  }
  return parsed;
}

/** What a schedule needs of transformers. Source: huggingface/transformers src/transformers/trainer_utils.py by tag. */
const schedulerSince: Partial<Record<ShapeName, string>> = {
  cosine_with_min_lr: "4.40.0",
  warmup_stable_decay: "4.41.0",
};

function resolveTransformers(
  answers: Answers,
  model: ModelPlan,
  task: Task["kind"],
  scheduler: ShapeName,
  findings: Findings,
): Version {
  const { loading } = model.family;
  const until = untilOf(model);
  const limits: Limit[] = [
    { least: loading.since, until, why: message("because.transformersModel", { model: model.label }), at: "model" },
    // FlagEmbedding's trainers pass arguments that transformers 5 has dropped; the run is lost at its final save.
    {
      least: null,
      until: task === "embedding" ? "4.57.6" : null,
      why: message("because.flagEmbeddingV5"),
      at: "model",
    },
    {
      least: schedulerSince[scheduler] ?? null,
      until: null,
      why: message("because.transformersScheduler", { scheduler }),
      at: "scheduler",
    },
    // transformers 5 reads `optimizer.defaults`, which DeepSpeed's wrapper has not: the run stops at train().
    {
      least: null,
      until: scheduler === "polynomial" ? "4.57.6" : null,
      why: message("because.polynomialV5"),
      at: "scheduler",
    },
  ];
  if (answers.transformers === undefined) return usualTransformers(limits, model.label, scheduler, findings);
  const asked = resolve("transformers", answers, newestKnownGood.transformers, findings);
  const { from, below } = engineRanges.transformers;
  if (!atLeast(asked, from) || atLeast(asked, below)) return asked;
  for (const limit of limits) {
    if (meets(asked, limit)) continue;
    refuse(
      findings,
      ["transformers", limit.at],
      message("problem.transformersLimit", {
        version: showVersion(asked),
        least: limit.least,
        until: limit.until,
        why: limit.why,
      }),
      message("instead.dropFlag", { flag: "--transformers" }),
    );
  }
  return asked;
}

interface Limit {
  readonly least: string | null;
  readonly until: string | null;
  readonly why: ReturnType<typeof message>;
  readonly at: "model" | "scheduler";
}

const meets = (asked: Version, { least, until }: Limit): boolean =>
  (least === null || atLeast(asked, least)) && (until === null || compareVersions(asked, version(until)) <= 0);

/** Newest first; one of them meets every limit that the catalog can set. */
const usual = ["5.18.0", "4.57.6", "4.51.3", "4.44.2", "4.37.2", "4.36.2"].map(version);

function usualTransformers(limits: readonly Limit[], model: string, scheduler: ShapeName, findings: Findings): Version {
  const chosen = usual.find((candidate) => limits.every((limit) => meets(candidate, limit)));
  const binding = limits.find((limit) => !meets(newestKnownGood.transformers, limit));
  const tooOld = limits.find(
    ({ until, at }) => at === "model" && until !== null && !atLeast(version(until), engineRanges.transformers.from),
  );
  if (tooOld !== undefined) {
    refuse(
      findings,
      ["model"],
      message("problem.modelTooOld", { model, until: tooOld.until ?? "", from: engineRanges.transformers.from }),
      message("instead.catalogModels", { task: "sft" }),
    );
    return newestKnownGood.transformers;
  }
  if (chosen === undefined) {
    refuse(
      findings,
      ["scheduler", "model"],
      message("problem.noTransformers", { scheduler, model }),
      message("instead.flag", { flag: "--scheduler cosine" }),
    );
    return newestKnownGood.transformers;
  }
  decide(findings, "transformers", showVersion(chosen), binding?.why ?? message("because.version"));
  return chosen;
}

const untilOf = ({ family: { loading } }: ModelPlan): string | null =>
  loading.kind === "remote-code" ? loading.until : null;

/** The DeepSpeed that a transformers version was tried with. */
const usualDeepSpeed = (transformers: Version): Version =>
  version(
    (environments.find((row) => atLeast(transformers, row.since)) ?? environments[0])?.deepspeed ?? newest.deepspeed,
  );

/** XTuner 0.2 pins transformers 4.48.0; models that need a newer one are at home in 1.x. */
const defaultXTuner = (model: ModelPlan): Version =>
  atLeast(version(model.family.loading.since), "4.49.0") ? newestKnownGood.xtuner : version("0.2.0");
