import { type Message, message } from "../../messages/message.ts";
import { flagOf, writeFlag } from "../questions/define.ts";
import type { Answers, Key } from "../questions/table.ts";
import { GiB } from "../units.ts";
import { canUseLiger } from "./liger.ts";
import { hostMemory } from "./memory/host.ts";
import { memoryQuestion } from "./memory/question.ts";
import type { MemoryEstimate, Plan } from "./plan.ts";
import { type PlanInput, resolvePlan } from "./resolve.ts";
import { timeOf } from "./time/plan.ts";

/** A change of answers with which a job that does not fit would. */
export interface Alternative {
  /** The answers that change; what is undefined is left to the plan. */
  readonly answers: Answers;
  /** The same as words for the command line. */
  readonly flags: string;
  readonly memory: Pick<MemoryEstimate, "needed" | "available" | "verdict">;
  readonly plan: Plan;
  /** How much longer an optimizer step takes, about: 1.2 is a fifth more. Null where the card's speed is not known. */
  readonly slower: number | null;
  readonly cost: Message;
}

interface Change {
  readonly answers: { readonly [K in Key]?: Answers[K] | undefined };
  readonly cost: (changed: Plan) => Message;
}

/** At most this many GPUs are suggested. */
const MOST_GPUS = 4096;

/**
 * The smallest change of each kind that makes a job fit, cheapest first: none at all for a job that fits as it is. Every
 * one was planned whole, so it holds with everything else that was said.
 */
export function alternativesOf(input: PlanInput, plan: Plan): readonly Alternative[] {
  if (plan.memory.verdict !== "does-not-fit") return [];
  return changesOf(input.answers, plan).flatMap((kind) => {
    for (const change of kind) {
      const found = tried(input, plan, change);
      if (found !== null) return [found];
    }
    return [];
  });
}

function tried(input: PlanInput, plan: Plan, change: Change): Alternative | null {
  const { globalBatch, ...rest } = change.answers;
  // The batch is said only where it would change otherwise.
  if (globalBatch !== undefined) {
    const found = planned(input, plan, { ...change, answers: rest });
    if (found !== null && found.plan.batch.global === globalBatch) return found;
  }
  return planned(input, plan, change);
}

function planned(input: PlanInput, plan: Plan, { answers, cost }: Change): Alternative | null {
  const next = Object.fromEntries(
    Object.entries({ ...input.answers, ...answers }).filter(([, value]) => value !== undefined),
  ) as Answers;
  const resolved = resolvePlan({ ...input, answers: next });
  if (!resolved.ok || resolved.plan.memory.verdict === "does-not-fit") return null;
  const changed = resolved.plan;
  const said = (Object.entries(answers) as [Key, unknown][]).filter(
    ([key, value]) => value !== undefined && value !== input.answers[key],
  );
  const [now, then] = [timeOf(plan), timeOf(changed)];
  const middle = ([low, high]: readonly [number, number]): number => Math.sqrt(low * high);
  return {
    answers: Object.fromEntries(said) as Answers,
    flags: said
      .map(([key, value]) => (value === true ? `--${flagOf(key)}` : `--${flagOf(key)} ${writeFlag(value)}`))
      .join(" "),
    memory: changed.memory,
    plan: changed,
    slower: now === null || then === null ? null : middle(then.seconds) / middle(now.seconds),
    cost: cost(changed),
  };
}

/** Kinds of change, cheapest first; of each kind the smallest comes first. */
function changesOf(answers: Answers, plan: Plan): readonly (readonly Change[])[] {
  const { task, method, zero, batch, hardware } = plan;
  const same = { globalBatch: batch.global } as const;
  const host = (changed: Plan): number => Math.ceil(hostMemory(memoryQuestion(changed)).needed / GiB);
  const free = { microBatch: undefined, gradAccum: undefined, ...same } as const;
  const higher = [1, 2, 3].filter((stage) => stage > zero.stage) as (1 | 2 | 3)[];
  const shorter =
    task.kind === "sft"
      ? halves(task.seqLen, 256).map((seqLen) => ({ seqLen }))
      : halves(task.passageMaxLen, 64).map((passageMaxLen) => ({ passageMaxLen }));
  return [
    !plan.liger &&
    canUseLiger(plan.model, task, plan.versions.transformers) &&
    !(answers.targets?.every((target) => target === "xtuner") ?? false)
      ? [{ answers: { liger: true, targets: liger(answers.targets) }, cost: () => message("cost.liger") }]
      : [],
    halves(batch.micro, 1).map((microBatch) => ({
      answers: { microBatch, gradAccum: undefined, ...same },
      cost: () => message("cost.microBatch", { global: batch.global }),
    })),
    higher.map((stage) => ({ answers: { ...free, zero: stage }, cost: () => message("cost.zero", { stage }) })),
    ([2, 3] as const).flatMap((stage) =>
      zero.offload.kind === "none"
        ? [
            {
              answers: { ...free, zero: stage, offload: "optimizer" as const },
              cost: (changed) => message("cost.offload", { host: host(changed) }),
            } satisfies Change,
          ]
        : [],
    ),
    zero.offload.kind === "all"
      ? []
      : [
          {
            answers: { ...free, zero: 3, offload: "all" },
            cost: (changed) => message("cost.offload", { host: host(changed) }),
          },
        ],
    shorter.map((length) => ({
      answers: length,
      cost: () => message("cost.seqLen", { seqLen: "seqLen" in length ? length.seqLen : length.passageMaxLen }),
    })),
    moreGpus(hardware.gpus, hardware.gpusPerNode).map((gpus) => ({
      answers: { gpus, nodes: undefined },
      cost: () => message("cost.gpus", { more: gpus - hardware.gpus }),
    })),
    method.kind === "full" ? [{ answers: { method: "lora", lr: undefined }, cost: () => message("cost.lora") }] : [],
    method.kind === "qlora"
      ? []
      : [
          {
            answers: { method: "qlora", zero: undefined, offload: undefined, lr: undefined },
            cost: () => message("cost.qlora"),
          },
        ],
  ];
}

/** XTuner has no Liger: without it where it was asked for, too. */
const liger = (targets: Answers["targets"]): Answers["targets"] =>
  targets === undefined ? undefined : targets.filter((target) => target !== "xtuner");

/** Half of a number, half of that, down to `least`. */
function halves(from: number, least: number): readonly number[] {
  const found: number[] = [];
  for (let value = Math.floor(from / 2); value >= least; value = Math.floor(value / 2)) found.push(value);
  return found;
}

/** One node more, and so on up to eight; then twice as many. Within a node the next powers of two come first. */
function moreGpus(gpus: number, perNode: number): readonly number[] {
  const counts: number[] = [];
  for (let count = gpus * 2; count <= 8; count *= 2) counts.push(count);
  const unit = Math.max(8, perNode);
  for (let count = Math.ceil((gpus + 1) / unit) * unit; count <= 8 * unit; count += unit) counts.push(count);
  for (let count = 16 * unit; count <= MOST_GPUS; count *= 2) if (count > gpus) counts.push(count);
  return [...new Set(counts)].sort((a, b) => a - b);
}
