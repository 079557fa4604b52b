import { message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import { GiB } from "../units.ts";
import type { HostMemory } from "./memory/host.ts";
import type { Buckets } from "./memory/job.ts";
import type { MemoryEstimate, Method, Offload, Task, Zero } from "./plan.ts";
import { decide, type Findings, refuse } from "./problem.ts";

const inGiB = (count: number): number => Math.round(count / GiB);

/** The settings worth trying, cheapest first, within what the answers allow. */
export function zeroCandidates(
  answers: Answers,
  task: Task["kind"],
  method: Method,
  findings: Findings,
): readonly Zero[] {
  const stage = answers.zero === "auto" ? undefined : answers.zero;
  const offload = readOffload(answers, findings);
  checkStage(stage, offload, task, method, findings);
  const highest = task === "embedding" || method.kind === "qlora" ? 2 : 3;
  const stages = stage === undefined ? ([task === "embedding" ? 1 : 2, 2, 3] as const) : [stage];
  const offloads: readonly Offload[] =
    offload !== null
      ? [offload]
      : task === "embedding"
        ? [{ kind: "none" }]
        : [{ kind: "none" }, { kind: "optimizer" }, { kind: "all" }];
  const candidates = offloads.flatMap((each) => [...new Set(stages)].map((at): Zero => ({ stage: at, offload: each })));
  const allowed = candidates.filter((zero) => isPossible(zero) && (stage !== undefined || zero.stage <= highest));
  return allowed.length > 0 ? allowed : [{ stage: stage ?? 2, offload: { kind: "none" } }];
}

const isPossible = ({ stage, offload }: Zero): boolean =>
  offload.kind === "none" || (offload.kind === "optimizer" ? stage >= 1 : stage === 3);

function readOffload(answers: Answers, findings: Findings): Offload | null {
  if (answers.nvmePath !== undefined && answers.offload !== "nvme") {
    refuse(
      findings,
      ["nvmePath"],
      message("problem.nvmePathAlone"),
      message("instead.flag", { flag: "--offload nvme" }),
    );
  }
  switch (answers.offload) {
    case undefined:
    case "auto":
      return null;
    case "nvme":
      if (answers.nvmePath === undefined) {
        refuse(
          findings,
          ["offload"],
          message("problem.nvmePathMissing"),
          message("instead.flag", { flag: "--nvme-path /local_nvme" }),
        );
      }
      return { kind: "nvme", path: answers.nvmePath ?? "/local_nvme" };
    default:
      return { kind: answers.offload };
  }
}

function checkStage(
  stage: Zero["stage"] | undefined,
  offload: Offload | null,
  task: Task["kind"],
  method: Method,
  findings: Findings,
): void {
  if (offload !== null && stage !== undefined && !isPossible({ stage, offload })) {
    const least = offload.kind === "optimizer" ? 1 : 3;
    refuse(
      findings,
      ["zero", "offload"],
      message("problem.offloadStage", { offload: offload.kind, stage, least }),
      message("instead.either", { first: `--zero ${least}`, second: "--offload none" }),
    );
  }
  const deep = offload !== null && (offload.kind === "all" || offload.kind === "nvme");
  if (method.kind === "qlora" && (stage === 3 || deep)) {
    refuse(
      findings,
      ["method", stage === 3 ? "zero" : "offload"],
      message("problem.qloraZero3"),
      message("instead.either", { first: stage === 3 ? "--zero 2" : "--offload none", second: "--method lora" }),
    );
  }
  if (task === "embedding" && (stage === 3 || deep)) {
    refuse(
      findings,
      [stage === 3 ? "zero" : "offload"],
      message("problem.embeddingZero3"),
      message("instead.flag", { flag: stage === 3 ? "--zero 1" : "--offload none" }),
    );
  }
}

/** Those candidates whose offloaded part fits the host; one that was asked for and does not is refused. */
export function withinHost(
  candidates: readonly Zero[],
  answers: Answers,
  hostOf: (zero: Zero) => HostMemory,
  findings: Findings,
): readonly Zero[] {
  if (answers.hostMemory === undefined) return candidates;
  const needs = (zero: Zero): number => (zero.offload.kind === "none" ? 0 : hostOf(zero).needed);
  const available = answers.hostMemory * GiB;
  const fitting = candidates.filter((zero) => needs(zero) <= available);
  if (fitting.length > 0) return fitting;
  // Rounded up, so that whoever follows the suggestion has enough.
  const least = Math.ceil(Math.min(...candidates.map(needs)) / GiB);
  refuse(
    findings,
    ["hostMemory", "offload"],
    message("problem.hostMemory", { needed: least, available: answers.hostMemory }),
    message("instead.either", { first: "--offload none", second: `--host-memory ${least}` }),
  );
  return candidates;
}

/** What each candidate would have needed, for the reason that is shown. */
export interface Tried {
  readonly zero: Zero;
  readonly buckets: Buckets;
  readonly memory: MemoryEstimate;
}

/** Puts down why the stage and the offload are what they are: what the cheaper settings would have needed. */
export function explainZero(answers: Answers, chosen: Tried, tried: readonly Tried[], findings: Findings): void {
  const rejected = tried.filter((each) => each.zero !== chosen.zero && each.memory.verdict !== "fits");
  const cheaper = rejected.findLast((each) => each.zero.stage < chosen.zero.stage) ?? rejected.at(-1);
  const because =
    cheaper === undefined
      ? message("because.zeroFits", { needed: inGiB(chosen.memory.needed), available: inGiB(chosen.memory.available) })
      : message("because.zeroNeeded", {
          stage: cheaper.zero.stage,
          offload: cheaper.zero.offload.kind,
          needed: inGiB(cheaper.memory.needed),
          available: inGiB(chosen.memory.available),
          now: inGiB(chosen.memory.needed),
        });
  const source = "Rajbhandari et al. 2020, arXiv 1910.02054";
  if (answers.zero === undefined || answers.zero === "auto")
    decide(findings, "zero", chosen.zero.stage, because, source);
  if (answers.offload === undefined || answers.offload === "auto") {
    decide(findings, "offload", chosen.zero.offload.kind, because, source);
  }
  if (chosen.memory.verdict === "does-not-fit") {
    findings.notes.push(
      message("note.doesNotFit", { needed: inGiB(chosen.memory.needed), available: inGiB(chosen.memory.available) }),
    );
  } else if (chosen.memory.verdict === "tight") {
    findings.notes.push(
      message("note.tight", { needed: inGiB(chosen.memory.needed), available: inGiB(chosen.memory.available) }),
    );
  }
}

/** Puts down why DeepSpeed's buckets have their size. */
export function explainBuckets({ zero, buckets }: Tried, usual: Buckets, hidden: number, findings: Findings): void {
  if (zero.stage === 0) return;
  const because =
    buckets !== usual
      ? message("because.bucketsSmall")
      : message(zero.stage === 3 ? "because.bucketsGathered" : "because.buckets", { auto: hidden * hidden });
  decide(findings, "buckets", buckets.reduce, because, "deepspeedai/DeepSpeed deepspeed/runtime/zero/config.py");
}
