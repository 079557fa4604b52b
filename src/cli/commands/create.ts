import path from "node:path";
import type { Plan } from "../../core/plan/plan.ts";
import { quoteShell } from "../../core/print/shell.ts";
import type { Answers } from "../../core/questions/table.ts";
import { repeatCommand } from "../../core/repeat.ts";
import { message, say, speaker } from "../../messages/message.ts";
import { digest } from "../digest.ts";
import { Cancelled, UsageError } from "../errors.ts";
import type { Flags } from "../flags.ts";
import { notesOf } from "../../notes.ts";
import { assumed, complete, jobOf, saidOf } from "../gather.ts";
import { baseAnswers, filesOf, nameOf, planOf } from "../job.ts";
import { refuseMisplaced } from "../misplaced.ts";
import { planJson } from "../report/plan-json.ts";
import { summary } from "../report/summary.ts";
import { oneLine, paint, type Terminal } from "../terminal.ts";
import { refuseUnfit } from "../unfit.ts";
import { inspect, writeAll } from "../write.ts";

/** Asks what is open, decides, shows, writes: all files or none. */
export async function create(flags: Flags, terminal: Terminal): Promise<void> {
  refuseMisplaced(flags);
  const dir = flags.positionals[0] ?? "train-config";
  if (dir === "") throw new UsageError({ message: message("command.emptyName") });
  const folder = path.resolve(terminal.cwd, dir);
  const shown = oneLine(dir);
  const tell = speaker(terminal.language);
  const { said, preset } = await saidOf(flags, terminal);

  const asks = terminal.interactive && !flags.yes;
  const answers = asks ? await ask(said, terminal) : complete(said, flags.yes, dir, terminal);
  const job = await jobOf(answers, preset, nameOf(folder), terminal);
  const plan = planOf(job);
  if (plan.memory.verdict === "does-not-fit" && !flags.force) return refuseUnfit(job, plan, terminal);
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
