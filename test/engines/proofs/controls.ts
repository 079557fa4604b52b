import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mustWrite, type WrittenFolder } from "../folders.ts";
import { layersOf, nameOf, type Pair, quickPairs, trainedPairs } from "../matrix.ts";
import { checkAll, type Context, type Failure, type Proof } from "../proof.ts";
import type { Pool } from "../worker.ts";
import { controlCases, type ControlCase } from "./control-cases.ts";
import { readFailure, readFolders } from "./parse.ts";
import { ground, jobOf, trainAndJudge } from "./training.ts";

/** What the proofs must say of a folder that somebody has spoilt: a suite that can't fail proves nothing. */
export const controls: Proof = {
  id: "controls",
  async run(context) {
    const pairs = context.scope === "quick" ? quickPairs : trainedPairs;
    for (const pair of pairs) {
      const pool = await context.pool(layersOf(pair), ["tiny", "hf_parse", "hf_train"]);
      const made = await ground(context, pool, pair);
      const cases = controlCases(pair).filter(({ quick }) => context.scope === "whole" || quick);
      await checkAll(context, nameOf(pair), "pitfall caught", cases, ({ name }) => name, (each) => {
        const place = path.join(context.scratch, "controls", nameOf(pair), each.name.replaceAll(/\W+/g, "-"));
        return caught(pool, mustWrite(place, jobOf({ family: "qwen2", answers: each.answers }, pair, made)), each);
      });
      await untouched(context, pool, pair, made);
      pool.stop();
    }
  },
};

/** Spoils a folder and has the proof judge it: it must fail, and for that reason. */
async function caught(pool: Pool, folder: WrittenFolder, each: ControlCase): Promise<Failure> {
  for (const [file, spoil] of Object.entries(each.spoil)) {
    const place = path.join(folder.path, file);
    const before = readFileSync(place, "utf8");
    const after = spoil(before);
    if (after === before) return `nothing was spoilt in ${file}`;
    writeFileSync(place, after);
  }
  const failure = each.by === "read" ? await readOne(pool, folder) : await trainAndJudge(pool, folder, { stopAfter: null, learns: false });
  if (failure === null) return "nobody noticed";
  return each.says.test(failure) ? null : `it was noticed for another reason: ${failure}`;
}

async function readOne(pool: Pool, folder: WrittenFolder): Promise<Failure> {
  const [answer] = await readFolders(pool, [folder]);
  if (answer === undefined) return "no answer";
  return "error" in answer ? answer.error : readFailure(answer.read, folder.plan);
}

/** The same folder as it was written passes both: what is caught above is the pitfall. */
async function untouched(context: Context, pool: Pool, pair: Pair, made: Awaited<ReturnType<typeof ground>>): Promise<void> {
  const write = (name: string): WrittenFolder =>
    mustWrite(path.join(context.scratch, "controls", nameOf(pair), name), jobOf({ family: "qwen2", answers: { gpus: 1, zero: 2, precision: "bf16", globalBatch: 8, warmupSteps: 3 } }, pair, made));
  await checkAll(context, nameOf(pair), "pitfall caught", ["read", "trained"], (by) => `the same folder unspoilt, ${by}`, (by) =>
    by === "read" ? readOne(pool, write("unspoilt-read")) : trainAndJudge(pool, write("unspoilt-trained"), { stopAfter: null, learns: true }),
  );
}
