import path from "node:path";
import fc from "fast-check";
import { curveOf } from "../../../src/core/plan/schedule.ts";
import { steps } from "../../../src/core/units.ts";
import { type JobOptions, type Plan, resolvePlan } from "../../../src/index.ts";
import { jobs } from "../../core/arbitrary.ts";
import { mustWrite, type WrittenFolder } from "../folders.ts";
import { allPairs, layersOf, nameOf, type Pair, quickPairs } from "../matrix.ts";
import { checkAll, type Context, type Failure, type Proof } from "../proof.ts";
import type { Pool } from "../worker.ts";

/** What the engines' readers say of one folder. */
interface Read {
  readonly left: readonly string[];
  readonly warnings: readonly string[];
  readonly batch: readonly number[];
  readonly clipping: number;
  readonly stage: number;
  readonly precision: string;
  readonly scheduler: string | null;
  readonly warmup: number;
  readonly learningRate: number;
  readonly type: string;
  readonly keepsNaN: boolean;
}

type ReadAnswer = { readonly read: Read } | { readonly error: string };

const presetJobs: readonly (readonly [string, JobOptions])[] = [
  ["qwen-7b", { preset: "qwen-7b", answers: {} }],
  ["qwen-7b, LoRA", { preset: "qwen-7b", answers: { method: "lora" } }],
  ["qwen-7b, QLoRA", { preset: "qwen-7b", answers: { method: "qlora" } }],
  ["qwen2-72b", { preset: "qwen2-72b", answers: {} }],
];

/** A length for the runs whose data decides it. */
const SOME_STEPS = 1000;

export const stepsOf = ({ length }: Plan): number => (length.kind === "epochs" ? SOME_STEPS : length.total);

/** The job for those versions and the Trainer; the rest of its answers stay. */
const forVersions = (job: JobOptions, { transformers, deepspeed }: Pair): JobOptions => ({
  ...job,
  answers: { ...job.answers, transformers, deepspeed, targets: ["hf"] },
});

/** Whether the product takes the job; what it refuses is not its promise. */
const isOffered = (job: JobOptions): boolean => resolvePlan(job).ok;

interface Named {
  readonly name: string;
  readonly folder: WrittenFolder;
}

/** Every preset, and answer sets over the whole space: each is read back as the plan that it came of. */
export const parse: Proof = {
  id: "parse",
  async run(context) {
    const pairs = context.scope === "quick" ? quickPairs : allPairs;
    const count = context.scope === "quick" ? 60 : 100;
    for (const pair of pairs) {
      const pool = await context.pool(layersOf(pair), ["hf_parse"]);
      const random = fc.sample(
        jobs.map((job) => forVersions(job, pair)).filter(isOffered),
        { numRuns: count, seed: context.seed },
      );
      const named: Named[] = [
        ...presetJobs
          .map(([name, job]) => [name, forVersions(job, pair)] as const)
          .filter(([, job]) => isOffered(job)),
        ...random.map((job, index) => [`answers ${index} of seed ${context.seed}`, job] as const),
      ].map(([name, job], index) => ({
        name,
        folder: mustWrite(path.join(context.scratch, "parse", nameOf(pair), String(index)), job),
      }));
      await readAll(context, pool, pair, named);
      pool.stop();
    }
  },
};

const BATCH = 20;

async function readAll(context: Context, pool: Pool, pair: Pair, named: readonly Named[]): Promise<void> {
  const answers = new Map<Named, ReadAnswer>();
  const batches = Array.from({ length: Math.ceil(named.length / BATCH) }, (_, index) =>
    named.slice(index * BATCH, (index + 1) * BATCH),
  );
  await Promise.all(
    batches.map(async (batch) => {
      const read = await readFolders(
        pool,
        batch.map(({ folder }) => folder),
      );
      for (const [index, each] of batch.entries()) answers.set(each, read[index] as ReadAnswer);
    }),
  );
  await checkAll(context, nameOf(pair), "read", named, ({ name }) => name, async (each) => {
    const answer = answers.get(each) as ReadAnswer;
    return "error" in answer ? answer.error : readFailure(answer.read, each.folder.plan);
  });
}

/** Folders through the engines' readers. */
export const readFolders = (pool: Pool, folders: readonly WrittenFolder[]): Promise<readonly ReadAnswer[]> =>
  pool.value<readonly ReadAnswer[]>({
    call: "hf_parse.folders",
    args: {
      folders: folders.map(({ path: place, plan }) => ({
        path: place,
        world: plan.batch.world,
        hidden: plan.model.architecture.hiddenSize,
        steps: stepsOf(plan),
      })),
    },
  });

/** What the engines read that the plan does not say. */
export function readFailure(read: Read, plan: Plan): Failure {
  const { batch, schedule, zero, precision, optimizer } = plan;
  const expected: Partial<Read> = {
    left: [],
    warnings: [],
    batch: [batch.micro, batch.accumulation, batch.global],
    clipping: optimizer.maxGradNorm,
    stage: zero.stage,
    precision: precision.kind,
    scheduler: schedule.owner.kind === "deepspeed" ? schedule.owner.type : null,
    warmup: curveOf(schedule, steps(stepsOf(plan))).warmup,
    learningRate: schedule.peakLr,
    type: schedule.shape.name,
    keepsNaN: true,
  };
  const wrong = Object.entries(expected).flatMap(([key, value]) => {
    const said = read[key as keyof Read];
    return JSON.stringify(said) === JSON.stringify(value)
      ? []
      : [`${key}: the engine has ${JSON.stringify(said)}, the plan ${JSON.stringify(value)}`];
  });
  return wrong.length === 0 ? null : wrong.join("\n");
}
