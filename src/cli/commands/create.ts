import path from "node:path";
import { layer } from "../../core/layer.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { quoteShell } from "../../core/print/shell.ts";
import { flagOf } from "../../core/questions/define.ts";
import type { Answers, Key } from "../../core/questions/table.ts";
import { repeatCommand } from "../../core/repeat.ts";
import { message, say, speaker } from "../../messages/message.ts";
import { digest } from "../digest.ts";
import { Cancelled, UsageError } from "../errors.ts";
import type { Flags } from "../flags.ts";
import { countRows, readModelFile } from "../inputs.ts";
import { notesOf } from "../../notes.ts";
import { baseAnswers, filesOf, type Job, layers, nameOf, planOf } from "../job.ts";
import { refuseMisplaced } from "../misplaced.ts";
import { planJson } from "../report/plan-json.ts";
import { summary } from "../report/summary.ts";
import { oneLine, paint, type Terminal } from "../terminal.ts";
import { inspect, writeAll } from "../write.ts";

/** Questions without which there is no job; one of each group has to be answered. */
const required: readonly (readonly Key[])[] = [["model", "modelSize"], ["gpu", "gpuMemory"], ["gpus"]];

/** What `--yes` assumes of them: the wizard's own first choices. */
const assumed: Answers = { model: "Qwen/Qwen2.5-7B-Instruct", gpu: "a100-80", gpus: 8 };

/** Asks what is open, decides, shows, writes: all files or none. */
export async function create(flags: Flags, terminal: Terminal): Promise<void> {
  refuseMisplaced(flags);
  const dir = flags.positionals[0] ?? "train-config";
  if (dir === "") throw new UsageError({ message: message("command.emptyName") });
  const folder = path.resolve(terminal.cwd, dir);
  const shown = oneLine(dir);
  const tell = speaker(terminal.language);
  const file =
    flags.answersFile === undefined
      ? { answers: {}, preset: null }
      : await (await import("../answers-file.ts")).readAnswersFile(flags.answersFile, terminal.cwd);
  const preset = flags.preset ?? file.preset;
  const said = layers(preset, file.answers, flags.answers);

  const asks = terminal.interactive && !flags.yes;
  const answers = asks ? await ask(said, terminal) : complete(said, flags.yes, dir, terminal);
  const job = await jobOf(answers, preset, nameOf(folder), terminal);
  const plan = planOf(job);
  const { files, note } = await filesOf(job, plan, folder, terminal.language);
  const destination = inspect(folder, dir, files);
  if (destination.differing.length > 0 && !flags.force) {
    throw new UsageError({
      message: message("write.differs", { files: destination.differing.join(", ") }),
      place: dir,
      instead: message("write.force"),
    });
  }

  const repeat = repeatCommand(dir, preset, baseAnswers(preset, said), job.answers);
  if (!flags.json || asks) {
    terminal.tell(`\n${summary(plan, terminal)}\n`);
    if (note !== null) terminal.tell(`${paint(terminal, "yellow", "!")} ${say(terminal.language, note)}\n`);
    terminal.tell(
      `${paint(terminal, "bold", tell("create.files", { dir: shown }))} ${files.map((each) => each.path).join("  ")}`,
    );
  }
  if (asks && !(await (await import("../wizard.ts")).confirm(terminal))) throw new Cancelled();
  if (!flags.dryRun) writeAll(destination, dir, files);

  if (flags.json) {
    terminal.out(
      JSON.stringify({
        dir,
        files: files.map(({ path: name, text }) => ({
          path: name,
          bytes: Buffer.byteLength(text),
          sha256: digest(text).slice("sha256:".length),
        })),
        plan: planJson(plan, terminal.language),
        notes: notesOf(plan).map((note) => say(terminal.language, note)),
      }),
    );
  } else {
    for (const each of files) terminal.out(path.join(dir, each.path));
  }
  terminal.tell("");
  terminal.tell(
    flags.dryRun
      ? tell("create.dryRun")
      : destination.unchanged.length === files.length
        ? tell("create.same", { dir: shown })
        : paint(
            terminal,
            "green",
            tell("create.wrote", { count: files.length - destination.unchanged.length, dir: shown }),
          ),
  );
  if (!flags.dryRun) terminal.tell(`${tell("create.next")} ${nextStep(plan, dir)}`);
  terminal.tell(`${tell("create.again")}\n  ${repeat}`);
}

const nextStep = (plan: Plan, dir: string): string =>
  `${plan.hardware.nodes > 1 ? "NODE_RANK=… MASTER_ADDR=… " : ""}bash ${quoteShell(asPath(path.posix.join(dir, "launch.sh")))}`;

/** A path that begins with a dash would be read as an option. */
const asPath = (relative: string): string => (relative.startsWith("-") ? `./${relative}` : relative);

async function ask(said: Answers, terminal: Terminal): Promise<Answers> {
  const { runWizard } = await import("../wizard.ts");
  return runWizard(said, assumed, terminal);
}

/** With nobody to ask: what is missing is assumed when `--yes` allows it, and named otherwise. */
function complete(said: Answers, yes: boolean, dir: string, terminal: Terminal): Answers {
  const missing = required
    .filter((group) => group.every((key) => said[key] === undefined))
    .map((group) => group[0] as Key);
  if (missing.length === 0) return said;
  const defaults = Object.fromEntries(missing.map((key) => [key, assumed[key]])) as Answers;
  if (!yes) {
    const flags = missing.map((key) => `--${flagOf(key)}`).join(", ");
    const command = repeatCommand(dir, null, {}, layer(defaults, said)).replace(/ --yes$/, "");
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
async function jobOf(answers: Answers, preset: string | null, name: string, terminal: Terminal): Promise<Job> {
  const modelFile = await readModelFile(answers.model, terminal.cwd);
  const rows = await countRows(answers, terminal.cwd);
  if (rows === null) return { answers, preset, modelFile, name };
  terminal.tell(speaker(terminal.language)("create.counted", { rows, data: oneLine(answers.data ?? "") }));
  return { answers: { ...answers, samples: rows }, preset, modelFile, name };
}
