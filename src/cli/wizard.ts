import inquirer from "inquirer";
import { gpus } from "../catalog/gpus.ts";
import { findModel, models } from "../catalog/models.ts";
import { judge } from "../core/answers.ts";
import { layer } from "../core/layer.ts";
import { decidedAnswer } from "../core/plan/decided.ts";
import type { Plan } from "../core/plan/plan.ts";
import { resolvePlan } from "../core/plan/resolve.ts";
import { type Question, readFlag } from "../core/questions/define.ts";
import { type Answers, type Key, questions } from "../core/questions/table.ts";
import { GiB } from "../core/units.ts";
import { say, speaker } from "../messages/message.ts";
import { readModelFile } from "./inputs.ts";
import { cardBar, gib } from "./report/memory.ts";
import type { Terminal } from "./terminal.ts";

/** Asks every question that is asked at all and that nobody has answered, in the order of the table. */
export async function runWizard(said: Answers, assumed: Answers, terminal: Terminal): Promise<Answers> {
  const tell = speaker(terminal.language);
  terminal.tell(tell("wizard.intro"));
  let answers = said;
  for (const row of questions as readonly Question<Key>[]) {
    if (row.asked !== true || answers[row.key] !== undefined || isAnsweredBy(row.key, answers)) continue;
    const plan = await provisional(answers, assumed, terminal);
    if (row.task !== undefined && plan !== null && plan.task.kind !== row.task) continue;
    const value = await askOne(row, answers, assumed, plan, terminal);
    answers = layer(answers, { [row.key]: value } as Answers);
    if (row.key === "model") answers = await askSize(answers, terminal);
  }
  return answers;
}

/** A size stands for a model, a memory for a card. */
const isAnsweredBy = (key: Key, answers: Answers): boolean =>
  (key === "model" && answers.modelSize !== undefined) || (key === "gpu" && answers.gpuMemory !== undefined);

/** The plan of the answers so far, with the usual ones where there are none yet: it knows the defaults of the rest. */
async function provisional(answers: Answers, assumed: Answers, terminal: Terminal): Promise<Plan | null> {
  const modelFile = await readModelFile(answers.model, terminal.cwd);
  const resolved = resolvePlan({ answers: layer(assumed, answers), modelFile });
  return resolved.ok ? resolved.plan : null;
}

/** What is wrong with the answers if this one is added; null when nothing is. */
async function trouble(
  key: Key,
  value: unknown,
  answers: Answers,
  assumed: Answers,
  terminal: Terminal,
): Promise<string | null> {
  const next = layer(answers, { [key]: value } as Answers);
  try {
    const modelFile = await readModelFile(next.model, terminal.cwd);
    const resolved = resolvePlan({ answers: layer(assumed, next), modelFile });
    if (resolved.ok) return null;
    const problem = resolved.problems.find((each) => each.at.includes(key));
    if (problem === undefined || problem.message.code === "problem.modelUnknown") return null;
    return [problem.message, problem.instead]
      .flatMap((each) => (each === undefined ? [] : [say(terminal.language, each)]))
      .join("; ");
  } catch (error) {
    return error instanceof Error && "complaints" in error
      ? (error.complaints as { message: Parameters<typeof say>[1] }[])
          .map((each) => say(terminal.language, each.message))
          .join("; ")
      : String(error);
  }
}

async function askOne(
  row: Question<Key>,
  answers: Answers,
  assumed: Answers,
  plan: Plan | null,
  terminal: Terminal,
): Promise<unknown> {
  const prompt = inquirer.createPromptModule({ input: terminal.stdin, output: terminal.stderr });
  const { label, why, form, key } = row;
  const text = `${label[terminal.language]} (${why[terminal.language]})`;
  if (key === "model" || key === "gpu") {
    const { value } = await prompt<{ value: string }>([
      {
        type: "search",
        name: "value",
        message: text,
        pageSize: 8,
        source: (term: string | undefined) => searched(key, term ?? "", assumed, terminal),
        validate: async (chosen: string) => (await trouble(key, chosen, answers, assumed, terminal)) ?? true,
      },
    ]);
    return value;
  }
  const decided = plan === null ? undefined : decidedAnswer(plan, key);
  if (form.kind === "choice") {
    const choices = await Promise.all(
      form.choices
        .filter((choice) => choice.value !== "auto")
        .map(async (choice) => {
          const wrong = await trouble(key, choice.value, answers, assumed, terminal);
          const costs = key === "zero" ? await cost(key, choice.value, answers, assumed, terminal) : undefined;
          const hint = [choice.hint?.[terminal.language], costs?.short];
          return {
            ...(costs === undefined ? {} : { description: costs.long }),
            value: choice.value,
            name: [String(choice.value), ...hint.filter((each) => each !== undefined)].join(" — "),
            short: String(choice.value),
            disabled: wrong === null ? false : `(${wrong})`,
          };
        }),
    );
    const { value } = await prompt<{ value: string | number }>([
      { type: "select", name: "value", message: text, choices, default: decided, pageSize: 10 },
    ]);
    return value;
  }
  const { value } = await prompt<{ value: string }>([
    {
      type: "input",
      name: "value",
      message: text,
      default: String(decided ?? assumed[key] ?? ""),
      validate: async (words: string) => {
        const read = readFlag(form, words);
        const bad = judge(key, form, read, "");
        if (bad !== null) return say(terminal.language, bad.message);
        return (await trouble(key, read, answers, assumed, terminal)) ?? true;
      },
    },
  ]);
  return readFlag(form, value);
}

/** What a choice would need of each GPU: in a few words, and drawn for the line under the list. */
async function cost(
  key: Key,
  value: unknown,
  answers: Answers,
  assumed: Answers,
  terminal: Terminal,
): Promise<{ readonly short: string; readonly long: string } | undefined> {
  const plan = await provisional(layer(answers, { [key]: value } as Answers), assumed, terminal);
  if (plan === null) return undefined;
  const tell = speaker(terminal.language);
  const needed = Math.round(plan.memory.needed / GiB).toString();
  const { kind } = plan.zero.offload;
  const needs = tell(plan.memory.verdict === "does-not-fit" ? "wizard.tooMuch" : "wizard.needs", { needed });
  const short = kind === "none" ? needs : `${needs}, ${tell("summary.offload", { offload: kind })}`;
  const of = tell("wizard.of", {
    needed: gib(plan.memory.needed),
    available: gib(plan.memory.available),
    micro: plan.batch.micro,
  });
  return { short, long: `${cardBar(plan.memory, terminal)} ${of}` };
}

/** The catalog's names that hold every word typed, and what was typed itself: it may be a hub id or a path. */
function searched(
  key: "model" | "gpu",
  term: string,
  assumed: Answers,
  terminal: Terminal,
): { value: string; name: string; description?: string }[] {
  // A choice that is refused is put into the line whole, with its dash; only there does the prompt show the reason.
  const words = term
    .toLowerCase()
    .split(/[\s—]+/)
    .filter((word) => word !== "");
  const all =
    key === "model"
      ? models.flatMap((model) =>
          Object.keys(model.checkpoints).map((hubId) => ({ value: hubId, name: hubId, text: `${model.id} ${hubId}` })),
        )
      : gpus.map((gpu) => ({ value: gpu.id, name: `${gpu.id} — ${gpu.name}`, text: `${gpu.id} ${gpu.name}` }));
  const first = String(assumed[key] ?? "");
  const typed = term.trim();
  // What was typed to the letter stands first, then the usual choice.
  const rank = ({ value, text }: { value: string; text: string }): number =>
    text.toLowerCase().split(" ").includes(typed.toLowerCase()) ? 0 : value === first ? 1 : 2;
  const found = all
    .filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)))
    .sort((a, b) => rank(a) - rank(b));
  const unknown = key === "model" && typed !== "" && findModel(typed).kind !== "found";
  const other = unknown
    ? [{ value: typed, name: typed, description: speaker(terminal.language)("wizard.other", { value: typed }) }]
    : [];
  return [...found.map(({ value, name }) => ({ value, name })), ...other];
}

/** A model that neither the catalog nor the disk knows needs its size. */
async function askSize(answers: Answers, terminal: Terminal): Promise<Answers> {
  const modelFile = await readModelFile(answers.model, terminal.cwd);
  const resolved = resolvePlan({ answers: { ...answers, gpuMemory: 80, gpus: 1 }, modelFile });
  if (resolved.ok || !resolved.problems.some((problem) => problem.message.code === "problem.modelUnknown"))
    return answers;
  const row = (questions as readonly Question<Key>[]).find((each) => each.key === "modelSize");
  if (row === undefined) return answers;
  const modelSize = await askOne(row, answers, { modelSize: "7B" }, null, terminal);
  return { ...answers, modelSize: String(modelSize) };
}

/** The one question at the end. */
export async function confirm(terminal: Terminal): Promise<boolean> {
  const prompt = inquirer.createPromptModule({ input: terminal.stdin, output: terminal.stderr });
  const { value } = await prompt<{ value: boolean }>([
    { type: "confirm", name: "value", message: speaker(terminal.language)("create.confirm"), default: true },
  ]);
  return value;
}
