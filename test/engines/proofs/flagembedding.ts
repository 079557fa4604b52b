import path from "node:path";
import fc from "fast-check";
import { curveOf, learningRate } from "../../../src/core/plan/schedule.ts";
import { type JobOptions, type Plan, resolvePlan } from "../../../src/index.ts";
import { embeddingArguments } from "../../../src/targets/flagembedding/arguments.ts";
import { jobs } from "../../core/arbitrary.ts";
import { mustWrite, type WrittenFolder } from "../folders.ts";
import type { LayerName } from "../matrix.ts";
import { checkAll, type Context, curveFailure, type Failure, noticed, type Proof, wordsOf } from "../proof.ts";
import { wordsOfLaunch } from "../words.ts";
import type { Pool } from "../worker.ts";
import { models, type Training, trainings, unreadable, untrainable } from "./flagembedding-cases.ts";

interface Row {
  readonly where: string;
  readonly version: string;
  readonly transformers: string;
  readonly layers: readonly LayerName[];
}

const row = (version: "1.4.0" | "1.4.2"): Row => ({
  where: `FlagEmbedding ${version}, transformers 4.57.6`,
  version,
  transformers: "4.57.6",
  layers: [`flagembedding ${version}`, "transformers 4.57.6", "data", "deepspeed 0.19.6"],
});

/** The release that is written for by default, and the newest one. */
const rows: readonly Row[] = [row("1.4.0"), row("1.4.2")];

const forRow = ({ version, transformers }: Row, answers: JobOptions["answers"]): JobOptions["answers"] => ({
  ...answers,
  transformers,
  deepspeed: "0.19.6",
  flagembedding: version,
  launcher: "torchrun",
});

/** The words of a folder's launch script: the entry point, and its arguments. */
function commandOf(folder: WrittenFolder): { readonly entry: string; readonly words: readonly string[] } {
  const words = wordsOfLaunch(path.join(folder.path, "launch.sh"));
  const module = words.indexOf("-m") + 1;
  return { entry: (words[module] ?? "").replace("FlagEmbedding.finetune.", ""), words: words.slice(module + 1) };
}

interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly error: string | null;
}

async function parseAll(
  pool: Pool,
  place: string,
  folders: readonly WrittenFolder[],
  change = (words: readonly string[]): readonly string[] => words,
): Promise<readonly Parsed[]> {
  const cases = folders.map((folder) => {
    const { entry, words } = commandOf(folder);
    return { entry, words: change(words), data: [folder.plan.data] };
  });
  return (
    await pool.value<{ readonly cases: readonly Parsed[] }>({
      call: "flagembedding_probe.parse",
      args: { folder: place, cases },
      seconds: 300,
    })
  ).cases;
}

/** Where FlagEmbedding reads another value than was written; words are compared as what they stand for. */
function parsedFailure(plan: Plan, { values, error }: Parsed): Failure {
  if (error !== null) return error;
  for (const { flag, values: written } of embeddingArguments(plan)) {
    const name = flag.slice(2);
    const read = values[name];
    if (read === undefined) return `${name} is no argument of this entry point`;
    // transformers empties the list where it says "none".
    const meant = name === "report_to" && written[0] === "none" ? [] : written;
    const same = Array.isArray(read)
      ? JSON.stringify(read) === JSON.stringify(meant)
      : written.length === 1 && means(written[0] ?? "", read);
    if (!same) return `${name}: written ${JSON.stringify(written)}, read ${JSON.stringify(read)}`;
  }
  return null;
}

function means(word: string, read: unknown): boolean {
  if (word === read) return true;
  // transformers looks up the home folder of a place itself.
  if (/^~(?:\/|$)/.test(word) && typeof read === "string") return read.startsWith("/") && read.endsWith(word.slice(1));
  if (typeof read === "boolean") return word === (read ? "True" : "False");
  if (typeof read === "number") return Number(word) === read;
  if (typeof read === "object") return read !== null && JSON.stringify(JSON.parse(word)) === JSON.stringify(read);
  return false;
}

const isOffered = (job: JobOptions): boolean => {
  const resolved = resolvePlan(job);
  return resolved.ok && resolved.plan.task.kind === "embedding";
};

async function proveCommands(context: Context, pool: Pool, each: Row): Promise<void> {
  const usual = models.map((model): JobOptions => ({ answers: forRow(each, { model, gpu: "a100-80", gpus: 8 }) }));
  const random = fc.sample(
    fc
      .tuple(jobs, fc.constantFrom(...models))
      .map(([job, model]): JobOptions => ({
        ...job,
        answers: {
          ...forRow(each, job.answers),
          model,
          task: "embedding",
          targets: ["flagembedding"],
          data: "data/train.jsonl",
        },
      }))
      .filter(isOffered),
    { numRuns: context.scope === "quick" ? 40 : 300, seed: context.seed },
  );
  const names = [...models, ...random.map((_, index) => `answers ${index} of seed ${context.seed}`)];
  const place = path.join(context.scratch, "flagembedding", each.version);
  const folders = [...usual, ...random].map((job, index) => mustWrite(path.join(place, String(index)), job));
  const parsed = await parseAll(pool, place, folders);
  await checkAll(
    context,
    each.where,
    "read",
    folders.map((_, index) => index),
    (index) => names[index] ?? "",
    async (index) => parsedFailure((folders[index] as WrittenFolder).plan, parsed[index] as Parsed),
  );
}

/** What a training did, by rank 0. */
interface Trained {
  readonly steps: readonly {
    readonly rates: readonly number[];
    readonly used: readonly (readonly [number, number])[];
    readonly gradient: number;
  }[];
  readonly losses: readonly number[];
  readonly logs: readonly { readonly learning_rate: number; readonly grad_norm: number }[];
  readonly globalStep: number;
  readonly saved: {
    readonly compared: number;
    readonly different: readonly string[];
    readonly files: readonly string[];
  };
}

async function madeFolder(
  pool: Pool,
  place: string,
  each: Row,
  { answers, family }: Training,
  negatives = 5,
): Promise<WrittenFolder> {
  const folder = mustWrite(place, { answers: forRow(each, { ...answers, data: "data/train.jsonl" }), name: "tiny" });
  await pool.value({
    call: "flagembedding_probe.make",
    args: { folder: place, family, model: folder.plan.model.path },
  });
  await pool.value({
    call: "flagembedding_probe.queries",
    args: { path: path.join(place, folder.plan.data), rows: 400, negatives, seed: 5 },
  });
  return folder;
}

async function trainFolder(
  pool: Pool,
  folder: WrittenFolder,
  change: (words: readonly string[]) => readonly string[] = (words) => words,
): Promise<Trained> {
  const { entry, words } = commandOf(folder);
  return pool.value<Trained>({
    call: "flagembedding_probe.train",
    args: { folder: folder.path, entry, words: change(words) },
    processes: folder.plan.batch.world,
    seconds: 300,
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function trainingFailure({ plan }: WrittenFolder, trained: Trained, leaves: readonly string[]): Failure {
  const { length, schedule } = plan;
  if (length.kind === "epochs") return "the length is not known";
  const { losses, steps, saved } = trained;
  if (!losses.every((loss) => Number.isFinite(loss) && loss > 0)) return `losses ${losses.join(", ")}`;
  const still = steps.find(({ gradient }) => !(gradient > 0 && Number.isFinite(gradient)));
  if (still !== undefined) return `a gradient of ${still.gradient}`;
  const [first, last] = [mean(losses.slice(0, 8)), mean(losses.slice(-8))];
  if (!(last < first)) return `the loss went from ${first} to ${last}`;
  if (saved.compared === 0 || saved.different.length > 0)
    return `${saved.different.length} of ${saved.compared} saved weights differ: ${saved.different.slice(0, 3).join(", ")}`;
  const missing = leaves.find((file) => !saved.files.includes(file));
  if (missing !== undefined) return `${missing} was not saved`;
  const curve = curveOf(schedule, length.total);
  const used = steps.map(({ used: groups, rates }) =>
    groups.every(([, rate]) => rate === rates[0]) ? (rates[0] ?? NaN) : NaN,
  );
  return curveFailure(
    used,
    Array.from({ length: length.total }, (_, k) => learningRate(curve, k)),
    curve.peakLr,
  );
}

async function proveTraining(context: Context, pool: Pool, each: Row): Promise<void> {
  const list = context.scope === "quick" ? trainings.slice(0, 3) : trainings;
  await checkAll(
    context,
    each.where,
    "trained",
    list,
    ({ name }) => name,
    async (training) => {
      const place = path.join(context.scratch, "flagembedding-train", each.version, training.name.replace(/\W+/g, "-"));
      const folder = await madeFolder(pool, place, each, training);
      return trainingFailure(folder, await trainFolder(pool, folder), training.leaves ?? []);
    },
  );
}

async function provePitfalls(context: Context, pool: Pool, each: Row): Promise<void> {
  const training = trainings[0] as Training;
  const place = path.join(context.scratch, "flagembedding-broken", each.version);
  const sound = mustWrite(path.join(place, "sound"), {
    answers: forRow(each, { ...training.answers, data: "data/train.jsonl" }),
    name: "tiny",
  });
  await checkAll(
    context,
    each.where,
    "pitfall caught",
    unreadable,
    ({ name }) => name,
    async ({ change, sign }) => {
      const [parsed] = await parseAll(pool, place, [sound], change);
      return noticed(parsedFailure(sound.plan, parsed as Parsed), sign);
    },
  );
  await checkAll(
    context,
    each.where,
    "pitfall caught",
    untrainable,
    ({ name }) => name,
    async ({ name, change, sign, negatives }) => {
      const folder = await madeFolder(pool, path.join(place, name.replace(/\W+/g, "-")), each, training, negatives);
      const failure = await trainFolder(pool, folder, change).then(
        (trained) => trainingFailure(folder, trained, []),
        wordsOf,
      );
      return noticed(failure, sign);
    },
  );
}

/** FlagEmbedding: its own parser on what is emitted, and trainings through its own entry points. */
export const flagEmbedding: Proof = {
  id: "flagembedding",
  async run(context) {
    for (const each of context.scope === "quick" ? rows.slice(0, 1) : rows) {
      const pool = await context.pool(each.layers, ["flagembedding_probe"]);
      await proveCommands(context, pool, each);
      await proveTraining(context, pool, each);
      await provePitfalls(context, pool, each);
      pool.stop();
    }
  },
};
