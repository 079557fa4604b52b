import { existsSync, lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import { familyIds, familyOf } from "../../catalog/families.ts";
import type { Architecture } from "../../catalog/models.ts";
import { judgeAnswers } from "../../core/answers.ts";
import { layer } from "../../core/layer.ts";
import type { EmittedFile } from "../../core/file.ts";
import { MANIFEST, type Manifest } from "../../core/manifest.ts";
import { changesHardware, rescale } from "../../core/plan/rescale.ts";
import { findPreset } from "../../core/presets.ts";
import type { Answers } from "../../core/questions/table.ts";
import { manifestSchema } from "../../core/schema.ts";
import type { ModelFile } from "../../core/plan/model.ts";
import { message, speaker } from "../../messages/message.ts";
import { digest } from "../digest.ts";
import { Drift, fileComplaint, UsageError } from "../errors.ts";
import { type Flags, unknownPreset } from "../flags.ts";
import { readModelFile } from "../inputs.ts";
import { baseAnswers, complaintOf, filesOf, type Job, planOf } from "../job.ts";
import { refuseUnfit } from "../unfit.ts";
import { refuseMisplaced } from "../misplaced.ts";
import { oneLine, paint, type Terminal } from "../terminal.ts";
import { inspect, writeAll } from "../write.ts";

/** Writes a folder again from its manifest, with the answers of flags over those in it; `--check` only says what differs. */
export async function regenerate(flags: Flags, terminal: Terminal): Promise<void> {
  refuseMisplaced(flags);
  const dir = flags.positionals[0] ?? ".";
  if (dir === "") throw new UsageError({ message: message("command.emptyName") });
  const folder = path.resolve(terminal.cwd, dir);
  const shown = oneLine(dir);
  const tell = speaker(terminal.language);
  const manifest = readManifest(folder, dir);
  const said = layer(manifest.answers, flags.answers);
  const layered = layer(baseAnswers(manifest.preset, said), said);
  const modelFile =
    flags.answers.model === undefined ? manifest.modelFile : await readModelFile(layered.model, terminal.cwd);
  const same = changesHardware(flags.answers);
  const answers = same ? sameTraining(manifest, layered, flags) : layered;
  const job: Job = { answers, preset: manifest.preset, modelFile, name: manifest.name };
  const plan = planOf(job);
  if (plan.memory.verdict === "does-not-fit" && same && !flags.force) return refuseUnfit(job, plan, terminal);
  if (same) terminal.tell(tell("regenerate.kept", plan.batch));
  // A folder keeps its language unless another one is asked for.
  const language = flags.lang === undefined ? manifest.language : terminal.language;
  const { files } = await filesOf(job, plan, folder, language);
  const destination = inspect(folder, dir, files);
  const missing = files.filter((file) => !existsSync(path.join(folder, file.path))).map((file) => file.path);
  const drift = [...destination.differing, ...missing];

  if (flags.check) {
    if (flags.json) terminal.out(JSON.stringify({ dir, differing: destination.differing, missing }));
    else await printDiff(folder, dir, files, drift, terminal);
    if (drift.length > 0) {
      terminal.tell(tell("regenerate.drift", { count: drift.length, dir: shown }));
      throw new Drift();
    }
    terminal.tell(tell("regenerate.current", { dir: shown }));
    return;
  }

  const edited = destination.differing.filter((name) => name !== MANIFEST && editedByHand(folder, name, manifest));
  if (edited.length > 0 && !flags.force) {
    throw new UsageError({
      message: message("write.edited", { files: edited.join(", ") }),
      place: dir,
      instead: message("write.editedHow"),
    });
  }
  if (!flags.dryRun) writeAll(destination, dir, files);
  if (flags.json) terminal.out(JSON.stringify({ dir, written: flags.dryRun ? [] : drift }));
  else for (const name of drift) terminal.out(path.join(dir, name));
  terminal.tell(
    flags.dryRun
      ? tell("create.dryRun")
      : drift.length === 0
        ? tell("create.same", { dir: shown })
        : paint(terminal, "green", tell("create.wrote", { count: drift.length, dir: shown })),
  );
  // Nothing is ever deleted; but a file that answers no longer hold for must not pass for one of the job.
  const left = Object.keys(manifest.files).filter(
    (name) => !files.some((file) => file.path === name) && existsSync(path.join(folder, name)),
  );
  if (left.length > 0)
    terminal.tell(`${paint(terminal, "yellow", "!")} ${tell("regenerate.left", { files: left.join(", ") })}`);
}

/** The folder's own training on the hardware that flags name. */
function sameTraining(manifest: Manifest, answers: Answers, flags: Flags): Answers {
  const own = layer(baseAnswers(manifest.preset, manifest.answers), manifest.answers);
  const { preset, modelFile, name } = manifest;
  const rescaled = rescale(planOf({ answers: own, preset, modelFile, name }), answers, flags.answers);
  if (!rescaled.ok) throw new UsageError(complaintOf(rescaled.problem));
  return rescaled.answers;
}

/** A file is the person's own as soon as it is not what the manifest says we wrote. */
const editedByHand = (folder: string, name: string, manifest: Manifest): boolean =>
  digest(readFileSync(path.join(folder, name), "utf8")) !== manifest.files[name];

function readManifest(folder: string, dir: string): Manifest {
  const place = path.join(dir, MANIFEST);
  const bad = (): UsageError => new UsageError({ message: message("regenerate.badManifest"), place });
  let value: unknown;
  try {
    const file = path.join(folder, MANIFEST);
    // A pipe or a device would never end.
    if (!lstatSync(file).isFile()) throw bad();
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof SyntaxError) throw bad();
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new UsageError({ message: message("regenerate.noManifest"), place: dir });
    throw fileComplaint(error, place) ?? error;
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) throw bad();
  const { name, preset } = parsed.data;
  if (path.basename(name) !== name || name === "." || name === "..") throw bad();
  if (preset !== null && findPreset(preset) === null) throw new UsageError(unknownPreset(preset, `${place}: preset`));
  // As they were written: to zod a `__proto__` is no key.
  const { answers, bad: wrong } = judgeAnswers((value as { readonly answers: Record<string, unknown> }).answers);
  if (wrong.length > 0)
    throw new UsageError(...wrong.map((each) => ({ ...each, place: `${place}: answers.${each.place}` })));
  const { modelFile } = parsed.data;
  return { ...parsed.data, answers, modelFile: modelFile === undefined ? null : readModel(modelFile, bad) };
}

function readModel(
  { architecture, exact, family, params }: NonNullable<ReturnType<typeof manifestSchema.parse>["modelFile"]>,
  bad: () => UsageError,
): ModelFile {
  const id = familyIds.find((each) => each === family);
  const counts = [
    "hiddenSize",
    "layers",
    "heads",
    "kvHeads",
    "headDim",
    "intermediateSize",
    "vocabSize",
    "maxPositions",
  ];
  if (
    (family !== null && id === undefined) ||
    counts.some((key) => !Number.isSafeInteger(architecture[key]) || Number(architecture[key]) <= 0)
  )
    throw bad();
  return {
    architecture: architecture as unknown as Architecture,
    exact,
    params,
    family: id === undefined ? null : familyOf(id),
  };
}

async function printDiff(
  folder: string,
  dir: string,
  files: readonly EmittedFile[],
  drift: readonly string[],
  terminal: Terminal,
): Promise<void> {
  if (drift.length === 0) return;
  const { createTwoFilesPatch } = await import("diff");
  const tell = speaker(terminal.language);
  for (const { path: name, text } of files.filter((file) => drift.includes(file.path))) {
    const file = path.join(folder, name);
    const now = existsSync(file) ? readFileSync(file, "utf8") : "";
    const shown = path.join(dir, name);
    terminal.out(
      createTwoFilesPatch(shown, shown, now, text, tell("regenerate.onDisk"), tell("regenerate.wouldBe")).trimEnd(),
    );
  }
}
